import type { PlaceRegistered } from '#libs/documents'
import { openJudgedLog, type JudgedLog } from './judged-log.js'
import { admitted, founding, keyAdded, provesKey, registered, type ParticipantTold } from './register-builders.js'

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
/** A haulier without a node. */
export const haulier = 'outside:haulier'

const participants: Readonly<Record<string, ParticipantTold>> = {
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
