import { createHash } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { holeLeafOf, leafOf, type JudgedRecord } from './leaf.js'

const record: JudgedRecord = {
  offset: 7,
  key: Buffer.from('corridor'),
  value: Buffer.from('a.b.c'),
  appendTime: 1_700_000_000_123,
  verdict: 'accepted',
  code: null,
  effects: '[{"holder":"ktz-express","item":"CSQU3054383","kind":"custody"}]',
}

describe('the leaf of an offset', () => {
  it('commits to the position, the bytes, the append time, the verdict, the code and the effects', () => {
    expect(leafOf(record)).toEqual(sha256(`[7,"${sha256Text('corridor')}","${sha256Text('a.b.c')}",1700000000123,"accepted",null,"${sha256Text(record.effects)}"]`))
  })

  it('names the rule that refused the statement', () => {
    const effects = sha256Text('[]')
    expect(leafOf({ ...record, verdict: 'refused', code: 'RULE:HELD_BY_CUSTOMS', effects: '[]' })).toEqual(
      sha256(`[7,"${sha256Text('corridor')}","${sha256Text('a.b.c')}",1700000000123,"refused","RULE:HELD_BY_CUSTOMS","${effects}"]`),
    )
  })

  it('tells null from empty', () => {
    const refused = { ...record, verdict: 'refused', code: 'FORM', effects: '[]' } as const
    expect(leafOf({ ...refused, key: null, value: null })).toEqual(sha256(`[7,null,null,1700000000123,"refused","FORM","${sha256Text('[]')}"]`))
    expect(leafOf({ ...refused, value: null })).not.toEqual(leafOf({ ...refused, value: Buffer.alloc(0) }))
    expect(leafOf({ ...refused, key: null })).not.toEqual(leafOf({ ...refused, key: Buffer.alloc(0) }))
  })

  it.each<[string, Partial<JudgedRecord>]>([
    ['another offset', { offset: 8 }],
    ['another key', { key: Buffer.from('register') }],
    ['another value', { value: Buffer.from('a.b.d') }],
    ['another append time', { appendTime: 1_700_000_000_124 }],
    ['another verdict', { verdict: 'duplicate' }],
    ['a code', { code: 'FORK' }],
    ['other effects', { effects: '[]' }],
  ])('differs with %s', (_, change) => {
    expect(leafOf({ ...record, ...change })).not.toEqual(leafOf(record))
  })

  it('is that of its key, however many were met before and whatever bytes it has', () => {
    const many = Array.from({ length: 1_200 }, (_, at) => Buffer.from([at >> 8, at & 255, 0xff, 0x80]))
    const keys = [...many, ...many.toReversed(), Buffer.alloc(64, 0xe9), Buffer.alloc(65, 0xe9), Buffer.from('é'), Buffer.from('é', 'latin1')]
    for (const key of keys) {
      expect(leafOf({ ...record, key })).toEqual(sha256(`[7,"${sha256Text(key)}","${sha256Text('a.b.c')}",1700000000123,"accepted",null,"${sha256Text(record.effects)}"]`))
    }
  })

  it('exists also where the log has no record', () => {
    expect(holeLeafOf(3)).toEqual(sha256('[3,null,null,null,"hole",null,null]'))
  })
})

function sha256(text: string | Buffer): Buffer {
  return createHash('sha256').update(text).digest()
}

function sha256Text(text: string | Buffer): string {
  return sha256(text).toString('base64url')
}
