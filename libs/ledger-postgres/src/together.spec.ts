import { describe, expect, it } from '@jest/globals'
import { together } from './together.js'

const move = { name: 'move', text: 'update cursor set next = $2 where next = $1 returning next', values: [1, 2] }
const add = { name: 'add', text: 'insert into many values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)', values: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'] }

describe('writes as one statement', () => {
  it('number their values on, and end in an error where the first one changes nothing', () => {
    const { text, values } = together(move, [add])
    expect(text).toBe(
      'with w0 as (update cursor set next = $2 where next = $1 returning next), w1 as (insert into many values ($3, $4, $5, $6, $7, $8, $9, $10, $11, $12)) select 1 / count(*) from w0',
    )
    expect(values).toEqual([...move.values, ...add.values])
  })

  it('end in an error, too, where another changes more or less than it must', () => {
    const decide = { name: 'decide', text: 'update waiting set decided = true where id = $1 returning 1', values: [7], mustChange: 1 }
    const { text, values } = together(move, [decide, { ...add, values: [] }])
    expect(text).toContain('select 1 / count(*) from w0 where (select count(*) from w1) = $4')
    expect(values).toEqual([...move.values, 7, 1])
  })

  it('have one name for what they are made of, whatever its values', () => {
    const again = { ...add, values: add.values.map((value) => `other ${value}`) }
    expect(together(move, [again]).name).toBe(together(move, [add]).name)
    expect(together(move, []).name).not.toBe(together(move, [add]).name)
  })
})
