import { authorityId, rulesDigest, rulesVersion, type KeyClaim } from '#libs/consignment'
import { canonicalJson, digestOf, thumbprintOf, type ParticipantAdmitted, type PlaceRegistered, type PublicJwk } from '#libs/documents'
import { draft, jwkOf, kidOf, type Draft, type Stating } from './draft.js'

/** Statements on the register of the small corridor. */

export const authority = authorityId

/** The founding statement; the authority has two keys, so that one can vouch for the recovery the other states. */
export const founding = draft('CorridorFounded', authority, {
  name: 'small', epoch: 1, topic: 'small.1.events', authorityKeys: [jwkOf(authority, 1), jwkOf(authority, 2)], rulesVersion, rulesDigest: rulesDigest(),
})

export type ParticipantTold = Pick<ParticipantAdmitted, 'roles' | 'country'> & Partial<ParticipantAdmitted>

/** Admits a participant, or replaces its row. */
export function admitted(participant: string, row: ParticipantTold): Draft<'ParticipantAdmitted'> {
  return draft('ParticipantAdmitted', authority, { participant, capacities: [], names: [{ languageId: 'en', text: participant }],
    url: `https://${participant}.example`, ...row })
}

export function suspended(participant: string): Draft<'ParticipantSuspended'> {
  return draft('ParticipantSuspended', authority, { participant, reason: [{ languageId: 'en', text: 'licence withdrawn' }] })
}

/** A place in the country its id begins with. */
export function registered(placeId: string, changes: Partial<PlaceRegistered> = {}): Draft<'PlaceRegistered'> {
  const country = placeId.slice(0, 2).toUpperCase()
  return draft('PlaceRegistered', authority, {
    placeId, kind: 'station', country, customsTerritory: country, unlocode: [], railCodes: [], names: [{ languageId: 'en', script: 'Latn', text: placeId }],
    gaugesMm: [], timeZone: 'Asia/Tashkent', operatedBy: [], verified: true, ...changes,
  })
}

/** A proof that stands for a signature: it names the key that made it and what it claims. */
export function proofBy(signer: PublicJwk, claim: KeyClaim): string {
  const text = Buffer.from(canonicalJson({ signer: thumbprintOf(signer), ...claim })).toString('base64url')
  return `proof.${text}.${'A'.repeat(86)}`
}

/** Whether such a proof was made by that key for that claim. */
export function provesKey(proof: string, signer: PublicJwk, claim: KeyClaim): boolean {
  return proof === proofBy(signer, claim)
}

/** What the proof of a participant's n-th key claims. */
export function claimOf(participant: string, number: number): KeyClaim {
  return { corridor: founding.eventId, participant, thumbprint: kidOf(participant, number), use: 'signature' }
}

/** Adds the n-th signature key of a participant with its proof: by the authority unless told otherwise. */
export function keyAdded(participant: string, number = 1, stating: Stating = {}): Draft<'KeyAdded'> {
  const jwk = jwkOf(participant, number)
  return draft('KeyAdded', authority, { participant, use: 'signature', jwk, proof: proofBy(jwk, claimOf(participant, number)) }, stating)
}

/** Adds a key for a participant that has no valid one left: two keys of the authority say so. */
export function keyRecovered(participant: string, number: number, secondKey = jwkOf(authority, 2)): Draft<'KeyAdded'> {
  const { data } = keyAdded(participant, number)
  return draft('KeyAdded', authority, { ...data, recovery: { secondAuthoritySignature: proofBy(secondKey, claimOf(participant, number)) } })
}

export function encryptionKeyAdded(participant: string, number: number, by = participant): Draft<'KeyAdded'> {
  return draft('KeyAdded', by, { participant, use: 'encryption', jwk: jwkOf(participant, number) })
}

export function keyRetired(participant: string, number = 1, stating: Stating = {}): Draft<'KeyRetired'> {
  return draft('KeyRetired', participant, { participant, thumbprint: kidOf(participant, number) }, stating)
}

export function keyCompromised(participant: string, number: number, fromOffset: number, stating: Stating = {}): Draft<'KeyCompromised'> {
  return draft('KeyCompromised', participant, { participant, thumbprint: kidOf(participant, number), fromOffset }, stating)
}

export function rulesActivated(version: number): Draft<'RulesActivated'> {
  return draft('RulesActivated', authority, { rulesVersion: version, digest: digestOf(`rules ${version}`) })
}

export function epochClosed(epoch = 1, size = 0): Draft<'EpochClosed'> {
  return draft('EpochClosed', authority, { epoch, size, root: digestOf('root'), stateHash: digestOf('state') })
}
