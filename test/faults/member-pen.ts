import { canonicalJson, type Envelope } from '#libs/documents'
import { corridorSubject } from '#libs/consignment'
import type { NewRecord } from '#libs/exchange'
import { eventIdOf, signJws, thumbprintOf, typs, type KeyPair } from '#libs/signature'
import { privateKeyFrom } from './real-corridor.js'

export interface Signed {
  readonly eventId: string
  readonly envelope: Envelope
  readonly record: NewRecord
}

/** A member who writes to the log with a client of his own: signs what he likes, keeps his chains or breaks them. */
export interface MemberPen {
  /** Signs with the next number of the chain, unless `changes` says otherwise, and moves nothing. */
  sign(subject: string, type: string, data: object, changes?: object): Signed
  /** Counts a statement as said: the next one follows it. */
  said(signed: Signed): Signed
}

export function memberPen(corridor: string, participant: string, keys: KeyPair, signer: KeyPair = keys): MemberPen {
  const heads = new Map<string, { readonly sequence: number; readonly eventId: string }>()
  const kid = thumbprintOf(keys.publicJwk)
  const privateKey = privateKeyFrom(signer.privateJwk)
  return {
    sign(subject, type, data, changes = {}) {
      const head = heads.get(subject)
      const chain = { sequence: (head?.sequence ?? 0) + 1, ...(head && { previous: head.eventId }) }
      const sound = { v: 1, corridor, subject, type, issuer: participant, ...chain, occurredAt: '2026-06-01T08:00:00Z', data }
      const envelope = { ...sound, ...changes } as Envelope // as broken as the case wants it
      const typ = subject === corridorSubject ? typs.register : typs.event
      const value = signJws({ typ, payload: canonicalJson(envelope), kid, privateKey, iat: 1_780_000_000 })
      return { eventId: eventIdOf(value.slice(0, value.lastIndexOf('.'))), envelope, record: { key: subject, value } }
    },
    said(signed) {
      heads.set(signed.envelope.subject, { sequence: signed.envelope.sequence, eventId: signed.eventId })
      return signed
    },
  }
}

const order = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551')

/** The other valid signature of the same input, which anybody can make without the key: (r, n − s). SEC 1, section 4.1.3. */
export function withOtherSignature(value: string): string {
  const at = value.lastIndexOf('.') + 1
  const signature = Buffer.from(value.slice(at), 'base64url')
  const s = order - BigInt(`0x${signature.subarray(32).toString('hex')}`)
  return value.slice(0, at) + Buffer.concat([signature.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, '0'), 'hex')]).toString('base64url')
}

/** The same bits in another text: base64url's last character of 64 bytes has four bits to spare. */
export function withSpareBits(value: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return value.slice(0, -1) + (alphabet[alphabet.indexOf(value.slice(-1)) + 1] ?? '')
}
