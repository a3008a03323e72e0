import type { Refusal } from '#libs/consignment'
import type { RoutedType, StatementBody } from '#libs/documents'

type Told<T extends RoutedType> = (refusal: Refusal, body: StatementBody<T>) => string

/** A note's data carry digests where the body has the particulars themselves, beside the note. */
const blocksBesideNote = ({ pointer }: Refusal) => pointer.replace(/^\/note\/particulars\//, '/particulars/')

/** Where a body differs from the data that are judged. */
const told: { readonly [T in RoutedType]?: Told<T> } = {
  NoteIssued: blocksBesideNote,
  NoteAmended: blocksBesideNote,
  /** The items of an answer are those of its offer: what is said of one is said in its exception, or of all others at once. */
  HandoffAnswered: ({ pointer, facts }, { exceptions = [] }) => {
    if (pointer !== '/items') return pointer
    const index = exceptions.findIndex(({ itemId }) => itemId === facts['item'])
    return index < 0 ? '/otherwise' : `/exceptions/${index}`
  },
}

/** Where in the body that was sent a refusal lies: the judge speaks of the data made of it. Always a place that the body has; '' is the whole. */
export function pointerInBody<T extends RoutedType>(type: T, body: StatementBody<T>, refusal: Refusal): string {
  const tell = told[type] as Told<T> | undefined // the compiler cannot see that the entry of T is a Told<T>
  return nearestIn(body, tell ? tell(refusal, body) : refusal.pointer)
}

/** As far down the pointer as the body goes (RFC 6901). */
function nearestIn(body: unknown, pointer: string): string {
  let here = body
  let found = ''
  for (const token of pointer.split('/').slice(1)) {
    const name = token.replaceAll('~1', '/').replaceAll('~0', '~')
    if (typeof here !== 'object' || here === null || !Object.prototype.propertyIsEnumerable.call(here, name)) break
    here = (here as Record<string, unknown>)[name]
    found += `/${token}`
  }
  return found
}
