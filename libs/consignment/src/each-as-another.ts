/** Boxes of a train differ in a few ways: one loaded on this ship or that, seen here or there. */
const mostMet = 8

/**
 * What is read of each item, in their order: once for items that differ in nothing it is read from. A report leaves the boxes of a train with the very
 * same members, so to compare them is much less than to read them.
 * @param known what has been read of an item before, if it has
 * @param isLike whether what is read of one is what is read of the other
 */
export function eachAsAnother<Item, Found extends object>(
  items: readonly Item[], known: (item: Item, at: number) => Found | undefined, isLike: (a: Item, b: Item) => boolean, read: (item: Item) => Found,
): readonly Found[] {
  const found: Found[] = []
  const met: Met<Item, Found>[] = []
  let last: Met<Item, Found> | undefined
  let at = 0
  for (const item of items) {
    const before = known(item, at++)
    if (before !== undefined) found.push(before)
    else {
      if (!last || !isLike(last.item, item)) last = met.find((one) => isLike(one.item, item)) ?? meet(met, { item, found: read(item) })
      found.push(last.found)
    }
  }
  return found
}

interface Met<Item, Found> {
  readonly item: Item
  readonly found: Found
}

function meet<Item, Found>(met: Met<Item, Found>[], one: Met<Item, Found>): Met<Item, Found> {
  if (met.length === mostMet) met.shift()
  met.push(one)
  return one
}

/** Whether two lists have the same members in the same order; boxes that were told of together have the very same list. */
export function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a === b || (a.length === b.length && a.every((one, at) => one === b[at]))
}
