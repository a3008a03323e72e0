import { standingOf, tasksOf, type Dossier, type Participant, type Place, type Register } from '#libs/consignment'
import { envelopeIn, type Entry, type Found } from '#libs/exchange'

/** What the door shows of a node's own store. Shapes are described in openapi-views. */

/** A consignment in a list. */
export function summaryOf({ dossier }: Found) {
  const { subject, status, issuer, version, note, items, offers, opened, lastOffset } = dossier
  const legs = note.mainCarriageTransportMovement
  return {
    subject,
    status,
    issuer,
    noteVersion: version.number,
    from: legs[0]?.departureLocation,
    to: legs.at(-1)?.arrivalLocation,
    countries: note.countriesOnRoute,
    references: (note.references ?? []).map(({ id }) => id),
    items: items.length,
    holders: countedBy(items, ({ holder }) => holder).map(([holder, count]) => ({ holder, items: count })),
    heldItems: items.filter(({ holds }) => holds.length > 0).length,
    openOffers: offers.length,
    standing: standingOf(dossier).map(({ code, sentence, actionBy, items: named }) => ({ code, sentence, actionBy, items: named.length })),
    dangerousGoods: legs.some(({ dangerousGoodsIndicator }) => dangerousGoodsIndicator),
    issuedAt: opened.occurredAt,
    lastOffset,
  }
}

/** Everything this node knows of one consignment, with its legs told by where the goods are, why they stand, and what is to be done by whom. */
export function detailOf(dossier: Dossier) {
  const standing = standingOf(dossier)
  return { ...dossier, legs: legsOf(dossier), standing, waiting: tasksOf(dossier, standing).map((task) => ({ ...task, items: task.items.length })) }
}

function legsOf({ note, items, means }: Dossier) {
  return note.mainCarriageTransportMovement.map((leg, index) => ({
    legId: leg.legId,
    modeCode: leg.modeCode,
    carrier: leg.carrier,
    departureLocation: leg.departureLocation,
    arrivalLocation: leg.arrivalLocation,
    contractId: note.transportContracts.find(({ legIds }) => legIds.includes(leg.legId))?.contractId,
    nominated: means.filter(({ legId }) => legId === leg.legId),
    itemsBefore: items.filter(({ stage }) => stage < 2 * index + 1).length,
    itemsOn: items.filter(({ stage }) => stage === 2 * index + 1).length,
    itemsAfter: items.filter(({ stage }) => stage > 2 * index + 1).length,
  }))
}

function countedBy<T>(rows: readonly T[], keyOf: (row: T) => string): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>()
  for (const row of rows) counts.set(keyOf(row), (counts.get(keyOf(row)) ?? 0) + 1)
  return [...counts]
}

/** A record of the log as this node judged it, with what it states; refused ones too, so that everybody sees what was tried. */
export function entryView(entry: Entry) {
  const { offset, appendTime, verdict, code, effects, event } = entry
  const envelope = envelopeIn(entry)
  return {
    offset,
    eventId: event?.eventId,
    type: event?.type ?? undefined,
    issuer: event?.issuer ?? undefined,
    occurredAt: event?.occurredAt ?? undefined,
    appendTime: new Date(appendTime).toISOString(),
    verdict,
    ...(code !== null && { code }),
    ...(envelope?.actor && { actor: envelope.actor }),
    ...(envelope && { data: envelope.data }),
    effects: JSON.parse(effects) as unknown,
  }
}

/** Open offers made to a participant. */
export function offersTo(participant: string, found: readonly Found[]) {
  return found.flatMap(({ dossier: { subject, offers, items } }) =>
    offers
      .filter(({ to }) => to === participant)
      .map((offer) => ({
        subject,
        ...offer,
        heldItems: items.filter(({ id, holds }) => holds.length > 0 && offer.items.includes(id)).length,
      })),
  )
}

export function participantsIn({ participants, keys }: Register) {
  return Object.entries(participants).map(([participant, row]: [string, Participant]) => ({
    participant,
    ...row,
    keys: Object.entries(keys)
      .filter(([, key]) => key.participant === participant)
      .map(([kid, { participant: _owner, ...key }]) => ({ kid, ...key })),
  }))
}

export function placesIn({ places }: Register) {
  return Object.entries(places).map(([placeId, row]: [string, Place]) => ({ placeId, ...row }))
}
