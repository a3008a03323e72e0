import { readFileSync } from 'node:fs'
import { expect, it } from '@jest/globals'
import { kinds } from '#libs/consignment'
import { matrixText } from './matrix.js'

const text = matrixText()

it('docs/matrix.md is what the code says today', () => {
  expect(readFileSync(new URL('../docs/matrix.md', import.meta.url), 'utf8')).toBe(text)
})

it('names every statement', () => {
  expect(Object.keys(kinds).filter((type) => !text.includes(type))).toEqual([])
})
