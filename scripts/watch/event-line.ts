import type { FeedEvent } from './follow-stream.js'

/** One event on one line of a terminal: where in the log, when it happened, on which consignment, who said what, and what that changed. */
export function lineOf({ offset, occurredAt, consignment, type, issuer, verdict, code, effects }: FeedEvent): string {
  const outcome = verdict === 'accepted' ? effects.map(wordsOf).filter((words) => words !== '').join('; ') : `${verdict}${code === undefined ? '' : ` ${code}`}`
  return [String(offset).padStart(6), occurredAt.slice(0, 16).replace('T', ' '), `…${consignment.slice(-12)}`, issuer.padEnd(21), type.padEnd(21), outcome].join('  ').trimEnd()
}

type Effect = Readonly<Record<string, unknown>>

/** What the effects that move or stop goods say; the others by their names. */
function wordsOf(effect: Effect): string {
  const of = (name: string) => (typeof effect[name] === 'string' ? effect[name] : '')
  const items = itemsOf(effect)
  switch (effect['effect']) {
    case 'version': return 'the note'
    case 'custody': return `${items} now with ${of('holder')}`
    case 'offer': return `${items} offered to ${of('to')} at ${of('placeId')}`
    case 'outcome': return `${items} ${inWords(of('outcome'))}`
    case 'position': return `${items} ${of('kind') === 'actual' ? '' : `${of('kind')} `}${of('statusCode')} at ${of('placeId')}`
    case 'decision': return `${items} ${inWords(of('kind'))} by ${of('authority')}`
    case 'decisionClosed': return `${items} ${of('by')}`
    case 'contract': return `${items} under ${of('contractId')} as ${of('carrierAssignedId')}`
    case 'means': return `${items} on ${of('id')} ${of('journeyId')}`
    case 'breach': return `${items} in breach of a hold`
    case 'offerClosed': case 'drawnIn': case 'blocks': case 'liability': return ''
    default: return inWords(of('effect'))
  }
}

function itemsOf({ items }: Effect): string {
  if (!Array.isArray(items)) return ''
  return items.length === 1 ? String(items[0]) : `${items.length} items`
}

/** `leftBehind` → `left behind`. */
function inWords(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}
