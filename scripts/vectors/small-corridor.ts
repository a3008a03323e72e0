import type { ParticipantAdmitted } from '#libs/documents'
import { admitted, founding, keyAdded, registered } from '../../libs/testing/src/register-builders.js'
import {
  alat, azCustoms, consignee, forwarder, freeZone, geCustoms, gr, line, tdy, tmCustoms, turkmenbashi, uty, uzCustoms,
} from '../../libs/testing/src/small-corridor.js'
import { VectorLog } from './vector-log.js'

type Row = Pick<ParticipantAdmitted, 'roles' | 'country'> & Partial<ParticipantAdmitted>

export const rows = {
  [forwarder]: { roles: ['forwarder'], capacities: ['declarant'], country: 'UZ' },
  [uty]: { roles: ['rail'], country: 'UZ' },
  [tdy]: { roles: ['rail'], country: 'TM' },
  [line]: { roles: ['sea'], country: 'TM' },
  [turkmenbashi]: { roles: ['port'], country: 'TM' },
  [alat]: { roles: ['port'], country: 'AZ' },
  [consignee]: { roles: ['forwarder'], capacities: ['consigneeSide'], country: 'AZ' },
  [gr]: { roles: ['rail'], country: 'GE' },
  [uzCustoms]: { roles: ['customs'], country: 'UZ', territory: 'UZ' },
  [tmCustoms]: { roles: ['customs'], country: 'TM', territory: 'TM' },
  [azCustoms]: { roles: ['customs'], country: 'AZ', territory: 'AZ' },
  [freeZone]: { roles: ['customs'], country: 'AZ', territory: 'XA' },
  [geCustoms]: { roles: ['customs'], country: 'GE', territory: 'GE' },
} as const satisfies Record<string, Row>

const places = [
  ['uz-ahangaran'], ['uz-khodjadavlet'], ['tm-farap'], ['tm-turkmenbashi-station', 'TMKRW'], ['tm-turkmenbashi-port', 'TMKRW'], ['az-alat', 'AZALA'],
] as const

/** A log with the small corridor of the unit tests in its register: these participants with their first keys, and its six places. */
export async function openSmallCorridor(name: string, participants: readonly string[] = Object.keys(rows)): Promise<VectorLog> {
  const log = new VectorLog(name, founding)
  await log.append('the corridor is founded', 'corridor', log.founding, 'accepted')
  for (const [participant, row] of Object.entries<Row>(rows).filter(([id]) => participants.includes(id))) {
    await log.state(`${participant} is admitted`, admitted(participant, row))
    await log.state(`the first key of ${participant}, with its proof`, keyAdded(participant))
  }
  for (const [placeId, unlocode] of places) {
    await log.state(`${placeId} is registered`, registered(placeId, { unlocode: unlocode === undefined ? [] : [{ code: unlocode }] }))
  }
  return log
}
