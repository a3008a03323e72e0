import { beforeEach, describe, expect, it } from '@jest/globals'
import { ProblemError } from './problem.js'
import { WaitingPlaces } from './waiting-places.js'

describe('places for who waits', () => {
  const most = { inAll: 3, fromOne: 2 }
  let places: WaitingPlaces
  beforeEach(() => {
    places = new WaitingPlaces()
  })
  const refusalOf = (address: string, limits = most): unknown => {
    try {
      return places.take(address, limits)
    } catch (error) {
      return error instanceof ProblemError ? error.problem.code : error
    }
  }

  it('are some for each address, and some in all', () => {
    for (const address of ['a', 'a', 'b']) places.take(address, most)
    expect(refusalOf('a')).toBe('TOO_MANY_READERS')
    expect(refusalOf('c')).toBe('TOO_MANY_READERS')
    expect(refusalOf('c', { inAll: 4, fromOne: 1 })).toBeInstanceOf(Function)
    expect(refusalOf('c', { inAll: 9, fromOne: 1 })).toBe('TOO_MANY_READERS')
  })

  it('are there again once they are given back', () => {
    const [first] = [places.take('a', most), places.take('a', most), places.take('b', most)]
    first()
    expect(refusalOf('a')).toBeInstanceOf(Function)
    expect(refusalOf('b')).toBe('TOO_MANY_READERS')
  })
})
