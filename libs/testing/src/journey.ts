import { answered, carriageAccepted, delivery, issued, legs, offered, stop } from './builders.js'
import type { Draft } from './draft.js'
import { alat, consignee, line, tdy, turkmenbashi, uty } from './small-corridor.js'

/** Statements in their order; stories may be told in parts. */
export type Story = Draft | readonly Story[]

/** A handoff in full. */
export function handedOver(offer: Draft<'HandoffOffered'>): readonly [Draft<'HandoffOffered'>, Draft<'HandoffAnswered'>] {
  return [offer, answered(offer)]
}

const onLeg1 = [issued(), handedOver(offered()), carriageAccepted()]
const onLeg2 = [onLeg1, handedOver(offered({ by: uty, to: tdy, into: legs.l2, placeId: 'uz-khodjadavlet' }))]
const atTurkmenbashi = [onLeg2, handedOver(offered({ by: tdy, to: turkmenbashi, into: stop(2), placeId: 'tm-turkmenbashi-port', delivers: ['c1'] }))]
const atSea = [
  atTurkmenbashi,
  handedOver(offered({ by: turkmenbashi, to: line, into: legs.l3, placeId: 'tm-turkmenbashi-port' })),
  carriageAccepted({ by: line, contractId: 'c2', carrierAssignedId: 'SWB1', carrierAcceptanceLocation: 'tm-turkmenbashi-port' }),
]
const atAlat = [atSea, handedOver(offered({ by: line, to: alat, into: stop(3), placeId: 'az-alat', delivers: ['c2'] }))]
const delivered = [atAlat, handedOver(offered({ by: alat, to: consignee, into: delivery, placeId: 'az-alat' }))]

/** All boxes together along the route of the small corridor, up to where they are. */
export const journey = { issued: issued(), onLeg1, onLeg2, atTurkmenbashi, atSea, atAlat, delivered } as const satisfies Record<string, Story>

/** Everything a story tells, in one row. */
export function toldIn(story: Story): readonly Draft[] {
  return isDraft(story) ? [story] : story.flatMap(toldIn)
}

/** `Array.isArray` does not narrow readonly lists. */
function isDraft(story: Story): story is Draft {
  return !Array.isArray(story)
}
