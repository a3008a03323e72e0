import { describe, expect, it, test } from '@jest/globals'
import { ProblemError } from './problem.js'
import { queries, readQuery, type Parameters } from './query.js'

const refusalOf = (parameters: Parameters, query: unknown) => {
  try {
    return readQuery(parameters, query)
  } catch (error) {
    return error instanceof ProblemError ? [error.problem.code, error.problem.detail] : error
  }
}

describe('a query', () => {
  test.each<[string, Parameters, object, string, string]>([
    ['a status there is none of', queries.consignments, { status: 'lost' }, 'BAD_PARAMETER', 'status: one of open, delivered, cancelled'],
    ['a limit beyond the greatest', queries.consignments, { limit: '101' }, 'BAD_PARAMETER', 'limit: a whole number from 1 to 100'],
    ['a holder twice', queries.consignments, { holder: ['uz-uty', 'uz-uty'] }, 'BAD_PARAMETER', 'holder: given more than once'],
    ['what there is not', queries.handoffs, { colour: 'red' }, 'UNKNOWN_PARAMETER', 'there is no parameter "colour" here'],
  ])('is refused in words for %s', (_, parameters, query, code, detail) => {
    expect(refusalOf(parameters, query)).toEqual([code, detail])
  })

  it('is never answered with a pattern', () => {
    const expected = Object.values<Parameters>(queries).flatMap((parameters) => Object.values(parameters).map((parameter) => parameter.expected))
    expect(expected.filter((words) => /[\\^$]/.test(words))).toEqual([])
  })
})
