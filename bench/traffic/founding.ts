import { authorityId } from '#libs/consignment'
import type { PublicJwk } from '#libs/documents'
import type { Log, SigningKey } from '#libs/exchange'
import { generateKeyPair, privateKeyOf, signKeyProof, thumbprintOf, type KeyPair } from '#libs/signature'
import type { Corridor } from '../../corridors/load.js'
import { found, signFounding } from '../../scripts/register/authority-pen.js'
import { admissions, firstKey, registrations } from '../../scripts/register/corridor-register.js'

/** A corridor founded for the bench on an empty log, by the authority's own code. */
export interface BenchCorridor {
  readonly id: string
  readonly epoch: number
  /** Signature keys by participant. */
  readonly keys: ReadonlyMap<string, KeyPair>
}

const clock = { now: () => Date.now() }

/** Founds it with all its participants, places and one signature key each. */
export async function foundBenchCorridor(log: Log, topic: string, corridor: Corridor): Promise<BenchCorridor> {
  const authority = generateKeyPair()
  const options = { log, keys: { signing: signingKeyOf(authority), publicJwks: [authority.publicJwk] }, clock }
  const pen = await found(options, signFounding(options, { name: corridor.name, epoch: corridor.epoch, topic }))
  await pen.state(admissions(corridor, pen.register(), (participant) => `http://${participant}.invalid`))
  await pen.state(registrations(corridor, pen.register()))
  const members = corridor.participants.map(({ participant }) => participant).filter((participant) => participant !== authorityId)
  const keys = new Map(members.map((participant) => [participant, generateKeyPair()]))
  const added = [...keys].flatMap(([participant, pair]) => firstKey(pen.register(), { participant, keys: [provenKey(pen.corridor, participant, pair)] }))
  await pen.state(added)
  return { id: pen.corridor, epoch: corridor.epoch, keys }
}

export function provenKey(corridor: string, participant: string, pair: KeyPair): { readonly use: 'signature'; readonly jwk: PublicJwk; readonly proof: string } {
  const key = signingKeyOf(pair)
  const proof = signKeyProof({ corridor, participant, thumbprint: key.kid, use: 'signature' }, { ...key, iat: 0 })
  return { use: 'signature', jwk: pair.publicJwk, proof }
}

export function signingKeyOf({ publicJwk, privateJwk }: KeyPair): SigningKey {
  const privateKey = privateKeyOf(privateJwk)
  if (!privateKey) throw new Error('a generated key is a key')
  return { kid: thumbprintOf(publicJwk), privateKey }
}
