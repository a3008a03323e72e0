import { thumbprintOf, type KeyAdded } from '#libs/documents'
import type { RegisterEffect } from './effects.js'
import type { Ruling } from './judgement.js'
import { refuse, type Refusal } from './refusal.js'
import { accepted, refused, type Stated } from './rule.js'
import { authorityId, type Key, type Register } from './state.js'

/** The register: participants, places, keys and active rules, built from statements on subject `corridor` in the same log (architecture 5). */

/** Whether a key's signature counts at this place of the log (KEY). */
export function keyCounts(register: Register, kid: string): boolean {
  const key = keyOf(register, kid)
  return key !== undefined && key.use === 'signature' && isValid(key) && !register.participants[key.participant]?.suspended
}

export function keyOf(register: Register, kid: string): Key | undefined {
  return Object.hasOwn(register.keys, kid) ? register.keys[kid] : undefined
}

export function judgeCorridorFounded({ data, eventId, context, offset }: Pick<Stated<'CorridorFounded'>, 'data' | 'eventId' | 'context' | 'offset'>): Ruling {
  if (context.register) return refused('ALREADY_FOUNDED', '')
  return accepted(
    { effect: 'founded', corridor: eventId, epoch: data.epoch },
    { effect: 'rules', version: data.rulesVersion, digest: data.rulesDigest },
    ...data.authorityKeys.map((jwk): RegisterEffect => ({ effect: 'key', kid: thumbprintOf(jwk), row: { participant: authorityId, use: 'signature', jwk, since: offset } })),
  )
}

export function judgeParticipantAdmitted({ data }: Stated<'ParticipantAdmitted'>): Ruling {
  const { participant, ...row } = data
  if (participant === authorityId) return refused('ALREADY_FOUNDED', '/participant')
  return accepted({ effect: 'participant', participant, row })
}

export function judgeParticipantSuspended({ data, register }: Stated<'ParticipantSuspended'>): Ruling {
  if (data.participant === authorityId || !isParticipant(register, data.participant)) return refused('UNKNOWN_REFERENCE', '/participant', { participant: data.participant })
  return accepted({ effect: 'suspended', participant: data.participant })
}

export function judgePlaceRegistered({ data, register }: Stated<'PlaceRegistered'>): Ruling {
  const stranger = data.operatedBy.findIndex((participant) => !isParticipant(register, participant))
  if (stranger >= 0) return refused('UNKNOWN_REFERENCE', `/operatedBy/${stranger}`, { participant: data.operatedBy[stranger] ?? '' })
  const { placeId, ...row } = data
  return accepted({ effect: 'place', placeId, row })
}

/** Nobody can put a key into the register without having it, and the authority alone cannot speak for a member. */
export function judgeKeyAdded(stated: Stated<'KeyAdded'>): Ruling {
  const { data, register, context, offset } = stated
  const kid = thumbprintOf(data.jwk)
  if (!isParticipant(register, data.participant)) return refused('UNKNOWN_REFERENCE', '/participant', { participant: data.participant })
  if (keyOf(register, kid)) return refused('KEY_KNOWN', '/jwk', { kid })
  if (!context.isOnCurve(data.jwk)) return refused('KEY_INVALID', '/jwk', { kid })
  const claim = { corridor: context.corridor, participant: data.participant, thumbprint: kid, use: data.use }
  const needsProof = data.use === 'signature'
  if (needsProof && !(data.proof !== undefined && context.provesKey(data.proof, data.jwk, claim))) return refused('PROOF', '/proof', { kid })
  const recovers = data.recovery !== undefined && data.participant !== stated.issuer
  const refusal = data.participant === stated.issuer ? undefined : refusalOfAuthoritysKey(stated, data, claim)
  if (refusal) return { refusal }
  return accepted({ effect: 'key', kid, row: { participant: data.participant, use: data.use, jwk: data.jwk, since: offset, ...(recovers && { recovered: true }) } })
}

function refusalOfAuthoritysKey({ register, context, kid }: Stated<'KeyAdded'>, data: KeyAdded, claim: Parameters<typeof context.provesKey>[2]): Refusal | undefined {
  const keys = Object.values(register.keys).filter((key) => key.participant === data.participant && key.use === 'signature')
  if (data.use === 'signature' && keys.length === 0 && !data.recovery) return undefined
  if (data.use !== 'signature' || keys.some(isValid) || !data.recovery) return refuse('FIRST_KEY_ONLY', '/participant', { participant: data.participant })
  const { secondAuthoritySignature } = data.recovery
  const second = Object.entries(register.keys).find(([other, key]) => other !== kid && key.participant === authorityId && keyCounts(register, other) && context.provesKey(secondAuthoritySignature, key.jwk, claim))
  return second ? undefined : refuse('PROOF', '/recovery/secondAuthoritySignature')
}

export function judgeKeyRetired({ data, register, offset }: Stated<'KeyRetired'>): Ruling {
  const refusal = refusalOfEnding(register, data, isValid)
  return refusal ? { refusal } : accepted({ effect: 'keyRetired', kid: data.thumbprint, from: offset })
}

/** Also of a retired key: that somebody had it all along is often found out late. */
export function judgeKeyCompromised({ data, register, offset }: Stated<'KeyCompromised'>): Ruling {
  const refusal = refusalOfEnding(register, data, (key) => key.compromisedFrom === undefined)
  return refusal ? { refusal } : accepted({ effect: 'keyCompromised', kid: data.thumbprint, from: offset, since: data.fromOffset })
}

function refusalOfEnding(register: Register, data: { readonly participant: string; readonly thumbprint: string }, mayEnd: (key: Key) => boolean): Refusal | undefined {
  const key = keyOf(register, data.thumbprint)
  if (!key || !mayEnd(key)) return refuse('UNKNOWN_REFERENCE', '/thumbprint', { kid: data.thumbprint })
  if (key.participant !== data.participant) return refuse('OWN_KEYS_ONLY', '/participant', { participant: key.participant })
  const left = Object.keys(register.keys).filter((kid) => kid !== data.thumbprint && keyOf(register, kid)?.participant === authorityId && keyCounts(register, kid))
  return key.participant === authorityId && left.length === 0 ? refuse('LAST_AUTHORITY_KEY', '/thumbprint') : undefined
}

export function judgeRulesActivated({ data, register }: Stated<'RulesActivated'>): Ruling {
  if (data.rulesVersion <= register.rules.version) return refused('RULES_NOT_NEWER', '/rulesVersion', { active: String(register.rules.version) })
  return accepted({ effect: 'rules', version: data.rulesVersion, digest: data.digest })
}

export function judgeEpochClosed({ data, register, offset }: Stated<'EpochClosed'>): Ruling {
  if (data.epoch !== register.founded.epoch || data.size > offset) return refused('EPOCH_MISMATCH', '/epoch', { open: String(register.founded.epoch) })
  return accepted({ effect: 'epochClosed', epoch: data.epoch, size: data.size, root: data.root })
}

export function evolveRegister(register: Register | undefined, effect: RegisterEffect): Register | undefined {
  if (effect.effect === 'founded') {
    const authority = { roles: ['authority' as const], capacities: [], country: 'ZZ', names: [], url: '' }
    return { founded: { eventId: effect.corridor, epoch: effect.epoch }, rules: { version: 0, digest: '' }, participants: { [authorityId]: authority }, places: {}, keys: {} }
  }
  if (!register) return register
  switch (effect.effect) {
    case 'participant': return { ...register, participants: { ...register.participants, [effect.participant]: effect.row } }
    case 'suspended': {
      const row = register.participants[effect.participant]
      return row ? { ...register, participants: { ...register.participants, [effect.participant]: { ...row, suspended: true } } } : register
    }
    case 'place': return { ...register, places: { ...register.places, [effect.placeId]: effect.row } }
    case 'key': return { ...register, keys: { ...register.keys, [effect.kid]: effect.row } }
    case 'keyRetired': return withKey(register, effect.kid, { retired: effect.from })
    case 'keyCompromised': return withKey(register, effect.kid, { retired: keyOf(register, effect.kid)?.retired ?? effect.from, compromisedFrom: effect.since })
    case 'rules': return { ...register, rules: { version: effect.version, digest: effect.digest } }
    case 'epochClosed': return { ...register, epochClosed: true }
  }
}

function withKey(register: Register, kid: string, change: Partial<Key>): Register {
  const key = register.keys[kid]
  return key ? { ...register, keys: { ...register.keys, [kid]: { ...key, ...change } } } : register
}

function isParticipant(register: Register, id: string): boolean {
  return Object.hasOwn(register.participants, id)
}

function isValid(key: Key): boolean {
  return key.retired === undefined
}
