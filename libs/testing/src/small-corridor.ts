import { rulesDigest, rulesVersion, type KeyClaim } from '#libs/consignment'
import { canonicalJson, thumbprintOf, type ParticipantAdmitted, type PlaceRegistered, type PublicJwk } from '#libs/documents'
import { draft, jwkOf, type Draft } from './draft.js'
import { openJudgedLog, type JudgedLog } from './judged-log.js'

/**
 * A corridor small enough to keep in mind: two railways bring boxes from Ahangaran over Khodjadavlet to Turkmenbashi, a line takes them to Alat.
 * Georgia's railway and customs are participants too, but on no route of the tests; a free zone in Azerbaijan is a territory of its own.
 */
export const uty = 'uz-uty'
export const tdy = 'tm-tdy'
export const line = 'caspian-line'
export const turkmenbashi = 'tm-port-turkmenbashi'
export const alat = 'az-port-alat'
export const forwarder = 'uz-forwarder'
export const consignee = 'consignee-side'
export const uzCustoms = 'uz-customs'
export const tmCustoms = 'tm-customs'
export const azCustoms = 'az-customs'
export const freeZone = 'az-free-zone-customs'
export const gr = 'ge-gr'
export const geCustoms = 'ge-customs'
export const authority = 'corridor-authority'
/** A haulier without a node. */
export const haulier = 'outside:haulier'

type Row = Pick<ParticipantAdmitted, 'roles' | 'country'> & Partial<ParticipantAdmitted>

const participants: Readonly<Record<string, Row>> = {
  [forwarder]: { roles: ['forwarder'], capacities: ['declarant'], country: 'UZ' },
  [uty]: { roles: ['rail'], country: 'UZ' },
  [tdy]: { roles: ['rail'], country: 'TM' },
  [line]: { roles: ['sea'], country: 'TM' },
  [turkmenbashi]: { roles: ['port'], country: 'TM' },
  [alat]: { roles: ['port'], country: 'AZ' },
  [consignee]: { roles: ['forwarder'], capacities: ['consigneeSide'], country: 'AZ' },
  [uzCustoms]: { roles: ['customs'], country: 'UZ', territory: 'UZ' },
  [tmCustoms]: { roles: ['customs'], country: 'TM', territory: 'TM' },
  [azCustoms]: { roles: ['customs'], country: 'AZ', territory: 'AZ' },
  [freeZone]: { roles: ['customs'], country: 'AZ', territory: 'XA' },
  [gr]: { roles: ['rail'], country: 'GE' },
  [geCustoms]: { roles: ['customs'], country: 'GE', territory: 'GE' },
}

const places: readonly (Pick<PlaceRegistered, 'placeId' | 'kind'> & { readonly unlocode?: string })[] = [
  { placeId: 'uz-ahangaran', kind: 'station' },
  { placeId: 'uz-khodjadavlet', kind: 'borderStation' },
  { placeId: 'tm-farap', kind: 'borderStation' },
  { placeId: 'tm-turkmenbashi-station', kind: 'station', unlocode: 'TMKRW' },
  { placeId: 'tm-turkmenbashi-port', kind: 'port', unlocode: 'TMKRW' },
  { placeId: 'az-alat', kind: 'port', unlocode: 'AZALA' },
  { placeId: 'ge-batumi', kind: 'port' },
]

export const founding = draft('CorridorFounded', authority, {
  name: 'small', epoch: 1, topic: 'small.1.events', authorityKeys: [jwkOf(authority, 1), jwkOf(authority, 2)], rulesVersion, rulesDigest: rulesDigest(),
})

/** Admits a participant, or replaces its row. */
export function admitted(participant: string, row: Row): Draft<'ParticipantAdmitted'> {
  return draft('ParticipantAdmitted', authority, { participant, capacities: [], names: [{ languageId: 'en', text: participant }], url: `https://${participant}.example`, ...row })
}

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

/** Adds the n-th key of a participant, with its proof. */
export function keyAdded(participant: string, number = 1, by = authority): Draft<'KeyAdded'> {
  const jwk = jwkOf(participant, number)
  const proof = proofBy(jwk, { corridor: founding.eventId, participant, thumbprint: thumbprintOf(jwk), use: 'signature' })
  return draft('KeyAdded', by, { participant, use: 'signature', jwk, proof })
}

const base = foundSmallCorridor()

/** The small corridor, founded and with everybody's first key in its register; each caller gets a log of its own. */
export function smallCorridor(): JudgedLog {
  return base.fork()
}

/** A log that follows the small corridor and is still empty. */
export function emptyLog(): JudgedLog {
  return openJudgedLog(founding.eventId, provesKey)
}

function foundSmallCorridor(): JudgedLog {
  const log = emptyLog()
  const records = [
    ...Object.entries(participants).flatMap(([participant, row]) => [admitted(participant, row), keyAdded(participant)]),
    ...places.map(({ placeId, kind, unlocode }) => registered(placeId, { kind, unlocode: unlocode === undefined ? [] : [{ code: unlocode }] })),
  ]
  for (const one of [founding, ...records]) {
    const { code } = log.state(one)
    if (code !== null) throw new Error(`${one.type} of the small corridor is refused: ${code}`)
  }
  return log
}
