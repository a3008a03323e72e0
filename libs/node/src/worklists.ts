import { expectedAt, taskWords, tasksOf, type Expected } from '#libs/consignment'
import { isRoutedType, pathOf } from '#libs/documents'
import type { Found } from '#libs/exchange'

/** Lists to work by, over many consignments: what is to be done here, and what comes to a place. Shapes are described in openapi-worklist-views. */

/** What a participant is to do, each with the route to call. */
export function todoOf(participant: string, found: readonly Found[]) {
  return found.flatMap(({ dossier }) => {
    const held = new Set(dossier.items.filter(({ holds }) => holds.length > 0).map(({ id }) => id))
    const references = referencesOf(dossier)
    return tasksOf(dossier)
      .filter(({ by }) => by === participant)
      .map(({ by: _by, statement, ...task }) => ({
        subject: dossier.subject,
        references,
        ...task,
        says: taskWords[task.task],
        heldItems: task.items.filter((id) => held.has(id)).length,
        ...(statement && isRoutedType(statement) && { statement, route: { method: 'POST', path: pathOf(statement, dossier.subject) } }),
      }))
  })
}

export interface ExpectedAsked {
  readonly place: string
  readonly from?: string
  readonly to?: string
  readonly means?: string
}

/** What comes to a place, by means and time, the earliest first and what nobody has timed last; a time asked for leaves those out. */
export function expectedOf(asked: ExpectedAsked, found: readonly Found[]) {
  const groups = new Map<string, ReturnType<typeof meansRow> & { items: number; consignments: ReturnType<typeof consignmentRow>[] }>()
  for (const { dossier } of found) {
    for (const coming of expectedAt(dossier, asked.place).filter((one) => isAsked(one, asked))) {
      const row = meansRow(coming)
      const key = JSON.stringify(row)
      const group = groups.get(key) ?? { ...row, items: 0, consignments: [] }
      group.items += coming.items.length
      group.consignments.push(consignmentRow(dossier, coming))
      groups.set(key, group)
    }
  }
  const timeOf = ({ arrival }: { readonly arrival?: { readonly at: string } }) => (arrival ? Date.parse(arrival.at) : Infinity)
  return [...groups.values()].sort((a, b) => (timeOf(a) === timeOf(b) ? 0 : timeOf(a) - timeOf(b)))
}

function meansRow({ modeCode, carrier, means, journeyId, arrival }: Expected) {
  const { event: _event, ...when } = arrival ?? {}
  return { modeCode, carrier, ...(means && { means }), ...(journeyId !== undefined && { journeyId }), ...(arrival && { arrival: when as Omit<typeof arrival, 'event'> }) }
}

function consignmentRow(dossier: Found['dossier'], { legId, arrival, items }: Expected) {
  const { subject, issuer } = dossier
  return { subject, references: referencesOf(dossier), issuer, legId, ...(arrival && { toldBy: arrival.event }), items }
}

function isAsked({ arrival, means, journeyId }: Expected, { from, to, means: asked }: ExpectedAsked): boolean {
  if (asked !== undefined && asked !== means?.id && asked !== journeyId) return false
  if (from === undefined && to === undefined) return true
  const at = arrival ? Date.parse(arrival.at) : NaN
  return (from === undefined ? true : at >= Date.parse(from)) && (to === undefined ? true : at < Date.parse(to))
}

function referencesOf({ note }: Found['dossier']): readonly string[] {
  return (note.references ?? []).map(({ id }) => id)
}
