/** Items with those that are named changed; the very same list where none is. */
export function withChanged<T extends { readonly id: string }>(items: readonly T[], ids: readonly string[], change: (item: T) => T): readonly T[] {
  let all: T[] | undefined
  for (const at of placesOf(items, ids)) {
    const item = items[at]
    const changed = item && change(item)
    if (changed && changed !== item) (all ??= [...items])[at] = changed
  }
  return all ?? items
}

/**
 * Where the items stand that are named, each once and in their order. A statement mostly names a whole train or a part of it in the order of the note: they
 * are found by one walk beside the names, and through a set of names only where that walk does not come to their end.
 */
export function placesOf(items: readonly { readonly id: string }[], ids: readonly string[]): readonly number[] {
  if (ids.length === 1) {
    const at = items.findIndex(({ id }) => id === ids[0])
    return at === -1 ? [] : [at]
  }
  const places: number[] = []
  for (let at = 0; at < items.length && places.length < ids.length; at++) {
    if (items[at]?.id === ids[places.length]) places.push(at)
  }
  if (places.length === ids.length) return places
  const named = new Set(ids)
  return items.flatMap(({ id }, at) => (named.has(id) ? [at] : []))
}
