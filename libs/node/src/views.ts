import type { Dossier, DossierItem, Participant, Place, Register } from '#libs/consignment'
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
    dangerousGoods: legs.some(({ dangerousGoodsIndicator }) => dangerousGoodsIndicator),
    issuedAt: opened.occurredAt,
    lastOffset,
  }
}

/** Everything this node knows of one consignment, with its legs told by where the goods are, and what waits for whom. */
export function detailOf(dossier: Dossier) {
  return { ...dossier, legs: legsOf(dossier), waiting: waitingIn(dossier) }
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

/** The statements that others look out for, each with who is to make it; one row for each of those of whom any may. */
function waitingIn({ offers, decisions, items, contracts, note, acts }: Dossier) {
  const missing = new Map<string, DossierItem[]>()
  for (const item of items) if (item.missing) missing.set(item.missing.event, [...(missing.get(item.missing.event) ?? []), item])
  return [
    ...offers.map(({ offer, to, items: offered }) => ({ statement: 'HandoffAnswered', by: to, answers: offer, items: offered.length })),
    ...decisions.flatMap(({ open, decision, authority, itemsLeft }) =>
      open && itemsLeft ? [{ statement: 'CustomsDecisionIssued', by: authority, lifts: decision, items: itemsLeft.length }] : [],
    ),
    ...decisions.flatMap(({ open, kind, decision, addressee, respondBy, items: wanted }) =>
      open && kind === 'documentsWanted' && addressee !== undefined
        ? [
            {
              statement: 'DeclarationLodged',
              by: addressee,
              answers: decision,
              ...(respondBy !== undefined && { respondBy }),
              items: wanted === 'all' ? items.length : wanted.length,
            },
          ]
        : [],
    ),
    ...contracts.flatMap(({ contractId, carrier }) => {
      const legs = note.transportContracts.find((contract) => contract.contractId === contractId)?.legIds ?? []
      const carriers = note.mainCarriageTransportMovement.filter(({ legId }) => legs.includes(legId)).map((leg) => leg.carrier)
      const ready = items.filter((item) => !item.contracts.includes(contractId) && isWith(item, carriers)).length
      return ready > 0 ? [{ statement: 'CarriageAccepted', by: carrier, contractId, items: ready }] : []
    }),
    ...acts
      .filter(({ answer }) => answer === undefined)
      .flatMap(({ act, otherSide, items: named }) => otherSide.map((by) => ({ statement: 'ActAnswered', by, answers: act, items: named.length }))),
    // the giver still has them in its books: it finds them, hands them over or says where they are
    ...[...missing].map(([answer, lost]) => ({ statement: 'MovementReported', by: lost[0]?.holder, missingSince: answer, items: lost.length })),
  ]
}

function isWith({ holder, heldFor }: DossierItem, carriers: readonly string[]): boolean {
  return carriers.includes(holder) || (heldFor !== undefined && carriers.includes(heldFor))
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
