import { describe, expect, it } from '@jest/globals'
import { lagsOf } from './lags.js'

const appended = [{ offset: 7, at: 100 }, { offset: 8, at: 110 }, { offset: 10, at: 130 }]

describe('the lag of a node', () => {
  it('is the time from each appending until the first sighting that has it, several by one sighting', () => {
    expect(lagsOf(appended, [{ size: 7, at: 105 }, { size: 8, at: 120 }, { size: 11, at: 150 }])).toEqual([20, 40, 20])
  })

  it('has no end where a record was never seen, and is not below zero where clocks round differently', () => {
    expect(lagsOf(appended, [{ size: 9, at: 109 }])).toEqual([9, 0, Infinity])
  })
})
