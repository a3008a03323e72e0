import { describe, expect, it, test } from '@jest/globals'
import { judgingOrder } from '#libs/consignment'
import { refusedProblem } from './problem.js'

describe('a refusal', () => {
  it('is told as a sentence with its facts in words', () => {
    const refusal = { code: 'ACT_CLOSED', pointer: '/act', facts: { act: 'A', drawnBy: 'uz-uty' } } as const
    expect(refusedProblem('RULE:ACT_CLOSED', refusal).problem).toMatchObject({
      status: 409,
      detail: 'there is no such open act: it was answered or never drawn (act A, drawn by uz-uty)',
      pointer: '/act',
      facts: { act: 'A', drawnBy: 'uz-uty' },
    })
  })

  test.each(judgingOrder.filter((code) => code !== 'RULE'))('by the judge for %s is told as a sentence', (code) => {
    const { detail } = refusedProblem(code, undefined).problem
    expect(detail).toMatch(/^[a-z]/)
    expect(detail).not.toContain(code)
  })
})
