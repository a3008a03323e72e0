import type { DossierItem } from './dossier.js'
import { placesOf } from './named-items.js'

/** An item that may be changed in place. */
export type Draft = { -readonly [Member in keyof DossierItem]: DossierItem[Member] }

/** Changes an item by way of its draft; one whose draft it does not ask for stays the very same. */
export type ChangeItem = (item: DossierItem, draft: () => Draft) => void

/**
 * Items of a dossier that is being folded: an item is copied when it is changed first and changed in place from then on, for nobody else has seen the copy.
 * A statement on a train changes all its boxes, and a long batch has a hundred such statements. Whoever gives the dossier to others lets its drafts go
 * before: they are of one batch, and nothing is told by them after its last part.
 */
export class Drafts {
  /** The list that these drafts made. */
  #items: DossierItem[] | undefined
  #drafts: Draft[] = []

  /** The items with those that are named changed; the very same list where all that changes are drafts already, or nothing does. */
  changed(items: readonly DossierItem[], ids: readonly string[], change: ChangeItem): readonly DossierItem[] {
    if (items !== this.#items) {
      this.#items = undefined
      this.#drafts = []
    }
    let at = 0
    const draft = () => {
      const own = (this.#drafts[at] ??= { ...(items[at] as DossierItem) }) // a place of an item
      const list = (this.#items ??= [...items])
      list[at] = own
      return own
    }
    for (at of placesOf(items, ids)) change((this.#items ?? items)[at] as DossierItem, draft) // the same
    return this.#items ?? items
  }
}
