import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { withChanged } from './named-items.js'

interface Item {
  readonly id: string
  readonly was?: true
}

const ids = fc.uniqueArray(fc.constantFrom('B1', 'B2', 'B3', 'B4', 'B5', 'B6'))
const names = fc.array(fc.constantFrom<string>('B1', 'B2', 'B3', 'B4', 'B5', 'B6', 'B7'))
const mark = (item: Item): Item => ({ ...item, was: true })

describe('items with those that are named changed', () => {
  it('are those named, in whatever order, however often, and whether or not they are there', () => {
    fc.assert(fc.property(ids, names, (there, named) => {
      const items = there.map((id): Item => ({ id }))
      expect(withChanged(items, named, mark)).toEqual(items.map((item) => (named.includes(item.id) ? mark(item) : item)))
    }))
  })

  it.each([
    ['none of them is there', ['B7', 'B8']], ['the one is not there', ['B7']], ['the change leaves them as they are', ['B1', 'B2']], ['it leaves the one as it is', ['B2']], ['none is named', []],
  ])('are the very same list where %s', (_, named) => {
    const items = [{ id: 'B1' }, { id: 'B2' }]
    expect(withChanged(items, named, (item) => item)).toBe(items)
  })

  it('leaves the others the very same items', () => {
    const items: readonly Item[] = [{ id: 'B1' }, { id: 'B2' }, { id: 'B3' }]
    const [first, ...others] = withChanged(items, ['B2', 'B3'], mark)
    expect(first).toBe(items[0])
    expect(others).toEqual([{ id: 'B2', was: true }, { id: 'B3', was: true }])
  })
})
