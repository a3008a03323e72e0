import type { DossierOffer } from '#libs/consignment'
import type { BodyError, CallBodies } from '#libs/documents'
import type { DraftedCall, DraftedPart, Seeing } from './call-parts.js'
import { isFault, seen, stated, unknownItems } from './seeing.js'

/** A transfer list: one offer for each consignment, all under one number. */
export function offersOf({ number, parts, atomic: _atomic, ...shared }: CallBodies['transferList']): DraftedCall {
  const twice = parts.findIndex(({ subject }, index) => parts.findIndex((part) => part.subject === subject) < index)
  if (twice >= 0) {
    const error = { pointer: `/parts/${twice}/subject`, expected: 'each consignment once', found: String(parts[twice]?.subject), message: 'a list has one part for each consignment' }
    return { fault: { code: 'SCHEMA', detail: 'a consignment occurs twice', errors: [error] } }
  }
  const { to, placeId } = shared
  return {
    facts: { number, to, placeId },
    parts: parts.map(({ subject, ...part }, index): DraftedPart => {
      const at = `/parts/${index}`
      const own = Object.keys(part).map((name) => [`/${name}`, `${at}/${name}`])
      return {
        subject,
        body: { ...shared, ...part, transferList: { number, part: index + 1, parts: parts.length } },
        pointers: { '': at, ...Object.fromEntries(own), '/transferList': '/number' },
      }
    }),
  }
}

interface Waiting {
  readonly subject: string
  readonly offer: DossierOffer
}

/** One answer for every open offer of a list that waits for this participant: as offered, but for the exceptions. */
export async function answersOf({ number, from, exceptions = [], atomic: _atomic, ...shared }: CallBodies['transferListAnswer'], seeing: Seeing): Promise<DraftedCall> {
  const found = await seen(seeing, { transferList: [number], awaiting: [seeing.participant] })
  if (isFault(found)) return found
  const ofNumber = found.flatMap(({ subject, offers }): Waiting[] => offers.filter(({ to, transferList }) => to === seeing.participant && transferList?.number === number).map((offer) => ({ subject, offer })))
  const givers = [...new Set(ofNumber.map(({ offer }) => offer.from))].sort()
  if (from === undefined && givers.length > 1) return { fault: { code: 'AMBIGUOUS_LIST', detail: `lists ${number} of ${givers.join(', ')} wait; say whose is answered (from)` } }
  const waiting = ofNumber.filter(({ offer }) => from === undefined || offer.from === from).sort(byPart)
  if (waiting.length === 0) return { fault: { code: 'NOTHING_TO_STATE', detail: `no open offer of a list ${number} waits for this participant` } }
  const placed = exceptions.map((exception, index) => ({ exception, index, of: waiting.filter(({ subject, offer }) => offer.items.includes(exception.itemId) && (exception.subject ?? subject) === subject) }))
  const errors = placed.filter(({ of }) => of.length !== 1).map(({ exception: { itemId }, index, of }): BodyError => ({
    pointer: `/exceptions/${index}/itemId`, expected: 'an item of the list', found: itemId,
    message: of.length === 0 ? 'it is not on the list, or on none that waits' : 'several consignments of the list have an item of that name: name the consignment (subject)',
  }))
  if (errors.length > 0) return unknownItems(errors)
  return {
    facts: { number, from: waiting[0]?.offer.from },
    parts: waiting.map((one): DraftedPart => {
      const own = placed.filter(({ of }) => of[0] === one)
      const told = own.map(({ exception: { subject: _subject, ...exception } }) => exception)
      return {
        subject: one.subject,
        body: stated({ ...shared, offer: one.offer.offer, exceptions: told.length > 0 ? told : undefined }),
        pointers: { '/offer': '/number', ...Object.fromEntries(own.map(({ index }, at) => [`/exceptions/${at}`, `/exceptions/${index}`])) },
      }
    }),
  }
}

function byPart({ offer: a }: Waiting, { offer: b }: Waiting): number {
  return (a.transferList?.part ?? 0) - (b.transferList?.part ?? 0)
}
