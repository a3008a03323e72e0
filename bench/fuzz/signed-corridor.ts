import { createECDH, createHash, sign, type KeyObject } from 'node:crypto'
import { rulesDigest, rulesVersion } from '#libs/consignment'
import { canonicalJson, type Envelope, type PublicJwk } from '#libs/documents'
import {
  eventIdOf, inspectRecord, privateKeyOf, provesKey, publicKeyOf, signKeyProof, splitJws, thumbprintOf, typs, type PublicKeyOf, type Typ,
} from '#libs/signature'
import { envelopeOf, recordKeyOf, type Draft } from '../../libs/testing/src/draft.js'
import { openJudgedLog, type JudgedLog } from '../../libs/testing/src/judged-log.js'
import { authority, founding } from '../../libs/testing/src/register-builders.js'
import { smallCorridor } from '../../libs/testing/src/small-corridor.js'

/** The small corridor with real keys and signatures. Keys follow from the seed, so that a run can be told again. */
export interface SignedCorridor {
  /** A log with the register in it; each caller forks it. */
  readonly log: JudgedLog
  readonly keyOf: PublicKeyOf
  kidOf(participant: string): string
  /** Signs a statement with the next number of its chain. */
  sign(draft: Draft, log: JudgedLog): SignedRecord
  /** Signs any bytes as a participant's event. */
  signBytes(participant: string, typ: Typ, payload: Uint8Array): Uint8Array
}

export interface SignedRecord {
  readonly key: Uint8Array
  readonly value: Uint8Array
  readonly eventId: string
}

interface Signing {
  readonly jwk: PublicJwk
  readonly kid: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

export function foundSignedCorridor(seed: number): SignedCorridor {
  const register = smallCorridor().register()
  if (!register) throw new Error('the small corridor has a register')
  const participants = Object.keys(register.participants)
  const keys = new Map(participants.map((participant) => [participant, keyPairFrom(`${seed} ${participant}`)]))
  const byKid = new Map([...keys.values()].map(({ kid, publicKey }) => [kid, publicKey]))
  const keyOf: PublicKeyOf = (kid) => byKid.get(kid)
  const signing = (participant: string): Signing => {
    const found = keys.get(participant)
    if (!found) throw new Error(`${participant} has no key`)
    return found
  }
  const signBytes = (participant: string, typ: Typ, payload: Uint8Array) => signed(signing(participant), typ, payload)
  const signEnvelope = (envelope: Envelope) => {
    const typ = envelope.type === 'CorridorFounded' ? typs.founding : envelope.subject === 'corridor' ? typs.register : typs.event
    const value = signBytes(envelope.issuer, typ, Buffer.from(canonicalJson(envelope)))
    const parts = splitJws(Buffer.from(value).toString('latin1'))
    if (!parts) throw new Error('what was signed has three parts')
    return { key: recordKeyOf(envelope.subject), value, eventId: eventIdOf(parts.signingInput) }
  }
  const first = signEnvelope({
    v: 1, corridor: 'A'.repeat(43), subject: 'corridor', type: 'CorridorFounded', issuer: authority, sequence: 1, occurredAt: '2026-06-01T08:00:00Z',
    data: { ...founding.data, authorityKeys: [signing(authority).jwk], rulesVersion, rulesDigest: rulesDigest() },
  })
  const log = openJudgedLog(first.eventId, provesKey)
  const corridor: SignedCorridor = {
    log, keyOf, signBytes,
    kidOf: (participant) => signing(participant).kid,
    sign: (draft, at) => signEnvelope(envelopeOf({ ...draft, kid: signing(draft.by).kid }, at.corridor, at.stateOf(draft.subject))),
  }
  const append = ({ key, value }: SignedRecord) => {
    const inspection = inspectRecord(value, (kid) => keyOf(kid))
    const { code } = log.append(key, inspection)
    if (code !== null) throw new Error(`the signed corridor is not founded: ${code}`)
  }
  append(first)
  const admit = (type: 'ParticipantAdmitted' | 'PlaceRegistered' | 'KeyAdded', data: object) =>
    append(corridor.sign({ by: authority, kid: '', type, subject: 'corridor', occurredAt: '2026-06-01T08:00:00Z', data: data as Draft['data'], eventId: '' },
      log))
  for (const participant of participants.filter((id) => id !== authority)) {
    const { jwk, kid, privateKey } = signing(participant)
    admit('ParticipantAdmitted', { ...register.participants[participant], participant })
    admit('KeyAdded', { participant, use: 'signature', jwk,
      proof: signKeyProof({ corridor: first.eventId, participant, thumbprint: kid, use: 'signature' }, { kid, privateKey, iat: 0 }) })
  }
  for (const [placeId, place] of Object.entries(register.places)) admit('PlaceRegistered', { ...place, placeId })
  return corridor
}

function keyPairFrom(text: string): Signing {
  const ecdh = createECDH('prime256v1')
  const d = createHash('sha256').update(text).digest()
  ecdh.setPrivateKey(d)
  const point = ecdh.getPublicKey()
  const jwk: PublicJwk = { kty: 'EC', crv: 'P-256', x: point.subarray(1, 33).toString('base64url'), y: point.subarray(33).toString('base64url') }
  const [privateKey, publicKey] = [privateKeyOf({ ...jwk, d: d.toString('base64url') }), publicKeyOf(jwk)]
  if (!privateKey || !publicKey) throw new Error('a hash is a private key of P-256 but with a chance of 2^-32')
  return { jwk, kid: thumbprintOf(jwk), privateKey, publicKey }
}

/** A compact JWS over any bytes: `signJws` takes text only, and payloads that are no text are what is wanted here. */
function signed({ kid, privateKey }: Signing, typ: Typ, payload: Uint8Array): Uint8Array {
  const header = Buffer.from(canonicalJson({ alg: 'ES256', iat: 0, kid, typ })).toString('base64url')
  const input = Buffer.from(`${header}.${Buffer.from(payload).toString('base64url')}`, 'latin1')
  const signature = sign('sha256', input, { key: privateKey, dsaEncoding: 'ieee-p1363' })
  return Buffer.concat([input, Buffer.from(`.${signature.toString('base64url')}`, 'latin1')])
}
