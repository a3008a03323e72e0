/**
 * Items with those that are named changed; the very same list where none is. A statement mostly names a whole train or a part of it in the order of the
 * note: they are found by one walk beside the names, and through a set of names only where that walk does not come to their end.
 */
export function withChanged<T extends { readonly id: string }>(items: readonly T[], ids: readonly string[], change: (item: T) => T): readonly T[] {
  if (ids.length === 1) return withOneChanged(items, ids[0], change)
  let next = 0
  const walked = changing(items, ({ id }) => id === ids[next] && ++next > 0, change)
  if (next === ids.length) return walked
  const named = new Set(ids)
  return changing(items, ({ id }) => named.has(id), change)
}

function withOneChanged<T extends { readonly id: string }>(items: readonly T[], id: string | undefined, change: (item: T) => T): readonly T[] {
  const at = items.findIndex((item) => item.id === id)
  const item = items[at]
  const changed = item && change(item)
  return changed && changed !== item ? items.with(at, changed) : items
}

function changing<T>(items: readonly T[], isNamed: (item: T) => boolean, change: (item: T) => T): readonly T[] {
  let isChanged = false
  const all = items.map((item) => {
    if (!isNamed(item)) return item
    const changed = change(item)
    isChanged ||= changed !== item
    return changed
  })
  return isChanged ? all : items
}
