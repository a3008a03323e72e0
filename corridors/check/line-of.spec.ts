import { expect, it } from '@jest/globals'
import { linesOf } from './line-of.js'

const text = `{
  "a": [
    1, { "b/c": "}\\"{",
      "d": [] }
  ],

  "e": {
    "f": true }
}`

it.each<[string, number]>([
  ['', 1], ['/a', 2], ['/a/0', 3], ['/a/1', 3], ['/a/1/b~1c', 3], ['/a/1/d', 4], ['/e/f', 8],
  ['/a/1/x/y', 3], ['/x', 1], ['/e/x', 7],
])('%s begins in line %d, or what it is missing in', (pointer, line) => {
  expect(linesOf(text)(pointer)).toBe(line)
})
