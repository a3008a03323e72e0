import { authorityId, keyOf, rulesDigest, rulesVersion, type Key, type Register } from '#libs/consignment'
import type { Clock } from '#libs/exchange'
import { signKeyProof, thumbprintOf } from '#libs/signature'
import type { Corridor } from '../../corridors/load.js'
import { Complaint } from '../complaint.js'
import type { AuthorityKeys } from './authority-keys.js'
import type { AuthorityPen } from './authority-pen.js'
import { registrations, signatureKeysOf } from './corridor-register.js'
import { signatureKeyIn, type ShownKeys } from './shown-keys.js'

/** What the authority does by a command; each act returns how many statements it took: none when the register says so already. */

export async function suspend(pen: AuthorityPen, participants: readonly string[], reason: string): Promise<number> {
  const text = [{ languageId: 'en', text: reason }]
  const standing = participants.filter((participant) => !pen.register().participants[participant]?.suspended)
  await pen.state(standing.map((participant) => ({ type: 'ParticipantSuspended', about: participant, data: { participant, reason: text } })))
  return standing.length
}

export async function registerPlaces(pen: AuthorityPen, corridor: Corridor): Promise<number> {
  const statements = registrations(corridor, pen.register())
  await pen.state(statements)
  return statements.length
}

/** Lets the rules of this build hold from now on; refused when they hold already, for older ones never do again. */
export async function activateRules(pen: AuthorityPen): Promise<number> {
  await pen.state([{ type: 'RulesActivated', about: `version ${rulesVersion}`, data: { rulesVersion, digest: rulesDigest() } }])
  return 1
}

export async function retireKey(pen: AuthorityPen, participant: string, thumbprint: string): Promise<number> {
  if (keyNamed(pen.register(), participant, thumbprint).retired !== undefined) return 0
  await pen.state([{ type: 'KeyRetired', about: participant, data: { participant, thumbprint } }])
  return 1
}

/** @param fromOffset first place of the log from which what the key signed is doubtful */
export async function reportCompromised(pen: AuthorityPen, participant: string, thumbprint: string, fromOffset: number): Promise<number> {
  const { compromisedFrom } = keyNamed(pen.register(), participant, thumbprint)
  if (compromisedFrom === fromOffset) return 0
  if (compromisedFrom !== undefined) throw new Complaint('COMPROMISED', `the key is reported as compromised already, from ${compromisedFrom} on.`)
  await pen.state([{ type: 'KeyCompromised', about: participant, data: { participant, thumbprint, fromOffset } }])
  return 1
}

/**
 * Puts the new key that a node shows into the register when its participant has no valid one left: stated with one key of the authority, consented to
 * with the other (architecture 5). Throws the complaints KEY_OF_ITS_OWN, NO_KEY_YET and KEY_RETIRED.
 */
export async function recover(pen: AuthorityPen, { consenting }: Pick<AuthorityKeys, 'consenting'>, clock: Clock, shown: ShownKeys): Promise<number> {
  const { participant } = shown
  const { jwk, proof } = signatureKeyIn(shown)
  const thumbprint = thumbprintOf(jwk)
  const known = keyOf(pen.register(), thumbprint)
  if (known?.participant === participant && known.retired === undefined) return 0
  if (signatureKeysOf(pen.register(), participant).length === 0) {
    throw new Complaint('NO_KEY_YET', `${participant} has had no signature key yet: it needs no recovery, admit it.`)
  }
  if (!needsRecovery(pen.register(), participant)) {
    throw new Complaint('KEY_OF_ITS_OWN', `${participant} has a valid signature key still; retire that one first, or report it as compromised.`)
  }
  if (known) {
    throw new Complaint('KEY_RETIRED', `the node of ${participant} still shows the key ${thumbprint}, which counts no more; ${newKey}`)
  }
  const claim = { corridor: pen.corridor, participant, thumbprint, use: 'signature' } as const
  const secondAuthoritySignature = signKeyProof(claim, { ...consenting, iat: Math.floor(clock.now() / 1000) })
  const data = { participant, use: 'signature', jwk, ...(proof !== undefined && { proof }), recovery: { secondAuthoritySignature } } as const
  await pen.state([{ type: 'KeyAdded', about: participant, data }])
  return 1
}

const newKey =
  'give it a new one first: a key file moved aside is made anew when the node starts. Add the old file\'s encryption keys to it; they open what was sent before.'

function keyNamed(register: Register, participant: string, thumbprint: string): Key {
  const key = keyOf(register, thumbprint)
  if (key?.participant === participant) return key
  throw new Complaint('UNKNOWN_KEY', `${participant} has no key ${thumbprint} in the register; \`npm run authority -- list\` shows them.`)
}

/** Whether a participant had a signature key and has no valid one any more: its node can state nothing, not even a new key. */
export function needsRecovery(register: Register, participant: string): boolean {
  const keys = signatureKeysOf(register, participant)
  return participant !== authorityId && keys.length > 0 && keys.every(({ retired }) => retired !== undefined)
}
