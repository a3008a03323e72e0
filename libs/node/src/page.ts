import { cursorTo } from './query.js'

/** One more row than the page has was asked for: it tells whether there is a next one. */
export function pageOf(items: readonly object[], found: readonly { readonly opened: number }[], limit: number): object {
  const last = found.length > limit ? found[limit - 1] : undefined
  return { items, ...(last && { next: cursorTo(last.opened) }) }
}
