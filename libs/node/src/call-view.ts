import { callRoutes, statementOfCall, type CallKind } from '#libs/documents'
import { pointerInCall, type ProposedPart, type ShownCall, type ShownPart } from '#libs/exchange'
import { pointerInBody } from './body-pointer.js'
import { notFound, refusedProblem } from './problem.js'

/** What the door shows of calls over many consignments. Shapes are described in openapi-call-views. */
export function callView({ callId, kind, facts, madeAt, parts }: ShownCall) {
  const shown = parts.map((part) => partView(kind, part))
  const count = (state: string) => shown.filter((part) => part.state === state).length
  return {
    callId,
    kind,
    statement: statementOfCall[kind],
    madeAt: new Date(madeAt).toISOString(),
    ...facts,
    counts: { accepted: count('accepted'), refused: count('refused'), pending: count('pending'), open: count('open') },
    parts: shown,
  }
}

/** Where a call can be read again. */
export function addressOf({ callId, kind }: Pick<ShownCall, 'callId' | 'kind'>): string {
  return isOfList(kind) ? `${callRoutes.transferList}/${callId}` : `/v1/calls/${callId}`
}

export function isOfList(kind: CallKind): boolean {
  return kind === 'transferList' || kind === 'transferListAnswer'
}

function partView(kind: CallKind, { part, subject, body, pointers, outcome }: ShownPart) {
  const shared = { part, subject, ...itemsIn(body) }
  switch (outcome.kind) {
    case 'open': return { ...shared, state: 'open' }
    case 'pending': return { ...shared, state: 'pending', eventId: outcome.eventId }
    case 'accepted': return { ...shared, state: 'accepted', eventId: outcome.eventId, offset: outcome.offset, receipt: outcome.receipt }
    case 'refused': {
      const { code, refusal, eventId, offset } = outcome
      const type = statementOfCall[kind]
      const placed = refusal && { ...refusal, pointer: pointerInCall(pointers, pointerInBody(type, body as never, refusal)) } // a body of this very type
      const { problem } = code === 'NOT_FOUND' ? notFound() : refusedProblem(code, placed)
      const { code: shownCode, detail, says, pointer, facts } = problem
      const told = { code: shownCode, detail, ...(says !== undefined && { says }), ...(pointer !== undefined && { pointer }), ...(facts && { facts }) }
      return { ...shared, state: 'refused', ...(eventId !== undefined && { eventId }), ...(offset !== undefined && { offset }), ...told }
    }
  }
}

/** The items a statement names by itself; an answer's are those of its offer. */
function itemsIn({ items, loadings }: ShownPart['body']): { readonly items?: unknown } {
  if (Array.isArray(loadings)) return { items: loadings.map(({ equipmentId }: { equipmentId: string }) => equipmentId) }
  if (Array.isArray(items)) return { items: items.map((item: string | { id: string }) => (typeof item === 'string' ? item : item.id)) }
  return items === undefined ? {} : { items }
}

const longestList = 200

/** By consignment what is ready and what is hindered, and the lists that can be posted. */
export function proposalView(means: string, placeId: string, parts: readonly ProposedPart[]) {
  const lists: { readonly to: string; readonly placeId: string; readonly parts: { readonly subject: string }[] }[] = []
  const consignments = parts.map(({ subject, references, to, into, delivers, items, isWhole }) => {
    const ready = items.filter(({ hindrances }) => hindrances.length === 0).map(({ id }) => id)
    const hindered = items.filter(({ hindrances }) => hindrances.length > 0).map(({ id: itemId, hindrances }) => ({ itemId, hindrances }))
    if (ready.length > 0) {
      const part = { subject, into, items: isWhole && hindered.length === 0 ? ('all' as const) : ready.map((id) => ({ id })), ...(delivers.length > 0 && { delivers }) }
      const list = lists.find((one) => one.to === to && one.parts.length < longestList && one.parts.every((other) => other.subject !== subject))
      if (list) list.parts.push(part)
      else lists.push({ to, placeId, parts: [part] })
    }
    return { subject, references, to, into, ready, hindered, isWhole }
  })
  return { means, placeId, lists, consignments }
}
