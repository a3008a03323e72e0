import { authorityId, type Register } from '#libs/consignment'
import { canonicalJson } from '#libs/documents'
import { thumbprintOf } from '#libs/signature'
import { admissionOf, registrationOf, type Corridor } from '../../corridors/load.js'
import { Complaint } from '../complaint.js'
import type { AuthorityStatement } from './authority-pen.js'
import { signatureKeyIn, type ShownKeys } from './shown-keys.js'

/**
 * Statements that bring the register's participants to what the corridor's data say; none where they already agree. One who is suspended is admitted
 * again only by name (`only`), never in passing.
 */
export function admissions(corridor: Corridor, register: Register, urlOf: (participant: string) => string, only?: string): readonly AuthorityStatement[] {
  return corridor.participants
    .filter(({ participant }) => participant !== authorityId && (only === undefined ? !register.participants[participant]?.suspended : participant === only))
    .map((row) => ({ type: 'ParticipantAdmitted', about: row.participant, data: admissionOf(row, urlOf(row.participant)) }) as const)
    .filter(({ about, data: { participant: _id, ...row } }) => !isSame(register.participants, about, row))
}

/** The same for places. */
export function registrations(corridor: Corridor, register: Register): readonly AuthorityStatement[] {
  return corridor.places
    .map((place) => ({ type: 'PlaceRegistered', about: place.placeId, data: registrationOf(place) }) as const)
    .filter(({ about, data: { placeId: _id, ...row } }) => !isSame(register.places, about, row))
}

/**
 * The authority's statement for a member's first signature key; nothing when the key shown is in the register. Every further key is the member's own
 * to add, and so is each encryption key, by a valid signature key: the authority alone cannot speak for a member. Throws KEY_OF_ITS_OWN.
 */
export function firstKey(register: Register, shown: ShownKeys): readonly AuthorityStatement[] {
  const { participant } = shown
  const key = signatureKeyIn(shown)
  if (Object.hasOwn(register.keys, thumbprintOf(key.jwk))) return []
  if (signatureKeysOf(register, participant).length > 0) {
    const sentence = `${participant} already has had a signature key; a further one is added by its own node, or where no valid one is left by \`npm run authority -- recover ${participant}\`.`
    throw new Complaint('KEY_OF_ITS_OWN', sentence)
  }
  const { use, jwk, proof } = key
  return [{ type: 'KeyAdded', about: participant, data: { participant, use, jwk, ...(proof !== undefined && { proof }) } }]
}

/** Every signature key the register has of a participant, valid or not. */
export function signatureKeysOf(register: Register, participant: string): readonly Register['keys'][string][] {
  return Object.values(register.keys).filter((key) => key.participant === participant && key.use === 'signature')
}

function isSame(rows: Readonly<Record<string, object>>, id: string, row: object): boolean {
  return Object.hasOwn(rows, id) && canonicalJson(rows[id]) === canonicalJson(row)
}
