import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { LatelyMet } from './lately-met.js'

const subjects = ['a', 'b', 'c', 'd', 'e']

describe('what was met lately', () => {
  it('is what a list in the order of meeting keeps, whatever is done with it', () => {
    const act = fc.record({ kind: fc.constantFrom('get', 'peek', 'set', 'set', 'delete', 'clear'), subject: fc.constantFrom(...subjects) })
    fc.assert(fc.property(fc.nat(5), fc.array(act, { maxLength: 60 }), (most, acts) => {
      const lately = new LatelyMet<object>(most)
      let list: (readonly [string, object])[] = []
      const found = (subject: string) => list.find(([one]) => one === subject)
      const without = (subject: string) => list.filter(([one]) => one !== subject)
      for (const { kind, subject } of acts) {
        const one = found(subject)
        if (kind === 'get') {
          expect(lately.get(subject)).toBe(one?.[1])
          if (one) list = [...without(subject), one]
        } else if (kind === 'peek') expect(lately.peek(subject)).toBe(one?.[1])
        else if (kind === 'set') {
          const value = {}
          lately.set(subject, value)
          list = [...without(subject), [subject, value] as const].slice(-most || Infinity)
        } else if (kind === 'delete') {
          lately.delete(subject)
          list = without(subject)
        } else {
          lately.clear()
          list = []
        }
        expect(subjects.map((other) => lately.peek(other))).toEqual(subjects.map((other) => found(other)?.[1]))
      }
    }))
  })
})
