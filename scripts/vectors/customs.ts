import { digestOf } from '#libs/documents'
import {
  allBoxes, answered, b1, b2, b3, b4, decided, delivery, held, issued, legs, lifted, loaded, moved, offered, stop, tendered, words,
} from '../../libs/testing/src/builders.js'
import { alat, azCustoms, consignee, freeZone, geCustoms, gr, line, tdy, tmCustoms, turkmenbashi, uty } from '../../libs/testing/src/small-corridor.js'
import { openSmallCorridor } from './small-corridor.js'
import type { VectorLog } from './vector-log.js'
import type { VectorFile } from './vector-file.js'

/** Customs decisions: territorial, lifted by their own authority only, and never refused for where the goods are. */
export async function customs(): Promise<VectorFile> {
  const log = await openSmallCorridor('customs')
  await log.state('a note of four boxes', issued())
  await decide(log)
  await hold(log)
  await crossTheSea(log)
  return log.file()
}

async function decide(log: VectorLog) {
  await log.state('customs of a country that is not on the route', decided('registered', { by: geCustoms }), 'PARTY')
  const inFreeZone = decided('registered', { by: freeZone, customsOfficePlaceId: 'az-alat' })
  await log.state('customs of a territory that is not on the route', inFreeZone, 'RULE:TERRITORY_NOT_ON_ROUTE')
  await log.state('a railway decides nothing', decided('registered', { by: uty }), 'RULE:ROLE')
  await log.state('an office nobody registered', decided('registered', { customsOfficePlaceId: 'uz-nowhere' }), 'RULE:UNKNOWN_REFERENCE')
  await log.state('an office of another territory', decided('registered', { customsOfficePlaceId: 'tm-farap' }), 'RULE:OFFICE_NOT_OWN')
  const registered = decided('registered')
  await log.state('the declaration is registered', registered)
  await log.state('what holds nothing is not lifted', lifted([registered]), 'RULE:DECISION_CLOSED')
  await log.state('but withdrawn', decided('withdrawn', { withdraws: registered.eventId }))
  await log.state('once', decided('withdrawn', { withdraws: registered.eventId }), 'RULE:DECISION_CLOSED')
  await log.state('reasons are not for a railway', decided('documentsWanted', {
    addressee: gr, items: [b1], particulars: { blocks: [{ name: 'authority', digest: digestOf('reason'), readers: [tmCustoms, uty] }] },
  }), 'RULE:NOT_AUTHORITY')
  await log.state('documents are wanted of the railway; the reason is for authorities', decided('documentsWanted', {
    addressee: gr, items: [b1], particulars: { blocks: [{ name: 'authority', digest: digestOf('reason'), readers: [tmCustoms, azCustoms] }] },
  }))
}

async function hold(log: VectorLog) {
  const hold = held({ items: [b1, b2] })
  await log.state('two boxes are held', hold)
  await log.state('they do not go where their contract leaves the territory', offered({ items: tendered(b3, b2) }), 'RULE:HELD_BY_CUSTOMS')
  const free = offered({ items: tendered(b3, b4) })
  await log.state('the others do', free)
  await log.state('and are taken over', answered(free))
  await log.state('another authority does not lift', lifted([hold], { by: tmCustoms }), 'RULE:DECISION_NOT_OWN')
  await log.state('a release does not lift', decided('releasedForTransit', { items: [b1, b2] }))
  await log.state('so they stay', offered({ items: tendered(b1) }), 'RULE:HELD_BY_CUSTOMS')
  await log.state('a lift of boxes the hold does not have', lifted([hold], { items: [b3] }), 'RULE:LIFTS_NOTHING')
  await log.state('the hold is lifted for one of them', lifted([hold], { items: [b1] }))
  const first = offered({ items: tendered(b1) })
  await log.state('which may go', first)
  const detour = offered({ to: gr, items: tendered(b2), deviationReason: words })
  await log.state('the other may not, not even where the route does not lead', detour, 'RULE:HELD_BY_CUSTOMS')
  const inspection = decided('inspectionOrdered', { items: [b1], permittedMoves: [{ to: tdy, into: legs.l1 }] })
  await log.state('an inspection is ordered while the offer is open', inspection)
  await log.state('so it cannot be answered with yes', answered(first), 'RULE:HELD_BY_CUSTOMS')
  await log.state('but with no', answered(first, { otherwise: 'notTendered' }))
  await log.state('a move that is permitted is only blocked by the route', offered({ to: tdy, into: legs.l1, items: tendered(b1) }), 'RULE:NOT_NEXT')
  await log.state('and with a reason it is not blocked at all', offered({ to: tdy, into: legs.l1, items: tendered(b1), deviationReason: words }))
  await log.state('both are lifted at once by a result', decided('controlResult', { items: [b1, b2], lifts: [hold.eventId, inspection.eventId] }))
  await log.state('nothing is lifted twice', lifted([hold], { items: [b2] }), 'RULE:DECISION_CLOSED')
}

async function crossTheSea(log: VectorLog) {
  const handOver = async (says: string, offer: ReturnType<typeof offered>) => {
    await log.state(`${says}: offered`, offer)
    await log.state(`${says}: taken over`, answered(offer))
  }
  const notToBeLoaded = held({ by: azCustoms, items: [b3], doNotLoad: true })
  await log.state('the next country does not want one box loaded', notToBeLoaded)
  await log.state('and holds another', held({ by: azCustoms, items: [b4] }))
  await handOver('over the border', offered({ by: uty, to: tdy, into: legs.l2, items: tendered(b3, b4) }))
  await handOver('to the port', offered({ by: tdy, to: turkmenbashi, into: stop(2), items: tendered(b3, b4), delivers: ['c1'] }))
  const aboard = offered({ by: turkmenbashi, to: line, into: legs.l3, items: tendered(b3) })
  await log.state('not to be loaded means not into the territory', aboard, 'RULE:HELD_BY_CUSTOMS')
  const atPort = { placeId: 'tm-turkmenbashi-port' }
  const bothLoaded = [{ equipmentId: b3, carriedBy: 'BALKAN' }, { equipmentId: b4 }]
  await log.state('loaded all the same, it is recorded and flagged', loaded({ by: turkmenbashi, ...atPort, loadings: bothLoaded }))
  await log.state('a departure is flagged, too', moved({ by: line, statusCode: '24', legId: 'l3', ...atPort, items: [b4, b3] }))
  const planned = { kind: 'planned', at: '2026-06-05T09:00:00Z' } as const
  await log.state('a planned one is not', moved({ by: line, statusCode: '24', legId: 'l3', ...atPort, time: planned, items: [b3] }))
  await handOver('the other is brought into the territory', offered({ by: turkmenbashi, to: line, into: legs.l3, items: tendered(b4) }))
  await handOver('it may come off the ship', offered({ by: line, to: alat, into: stop(3), placeId: 'az-alat', items: tendered(b4) }))
  const toConsignee = offered({ by: alat, to: consignee, into: delivery, placeId: 'az-alat', items: tendered(b4) })
  await log.state('and is not delivered', toConsignee, 'RULE:HELD_BY_CUSTOMS')
  await log.state('where the goods are refuses no decision', decided('discharged', { by: tmCustoms }))
  const refusal = decided('refused', { by: azCustoms, items: [...allBoxes], permittedMoves: [{ to: consignee, into: delivery }] })
  await log.state('refused goods are held like others', refusal)
  await log.state('its permitted moves are its own: the older hold stands', toConsignee, 'RULE:HELD_BY_CUSTOMS')
}
