import { describe, expect, it } from '@jest/globals'
import type { AppliedBatch, Entry } from '#libs/exchange'
import { decidedAtOnce } from './decide-outbox.js'

const record = { key: null, value: Buffer.of(1), appendTime: 0, leaf: Buffer.of(1), effects: '[]' }
const entry = (offset: number, kid: string, verdict: Entry['verdict'] = 'accepted'): Entry => ({
  ...record, offset, verdict, code: null, event: { eventId: `event-${offset}`, kid, issuer: 'ktz', subject: 's', type: 'RemarkAdded', occurredAt: '2026-05-01T10:00:00Z' },
})
const batch = (entries: readonly Entry[]): AppliedBatch => ({
  from: 0, next: entries.length, frontier: 'f', entries, holes: [], heads: [], states: [], dossiers: [], viewFailures: [], blocks: [], ownKids: ['own'],
})

describe('the own statements of a batch', () => {
  it('are decided at once where all were accepted, and all of them must be', () => {
    const own = decidedAtOnce(batch([entry(0, 'own'), entry(1, 'other'), entry(2, 'own')]))
    expect(own?.write.mustChange).toBe(2)
    expect(own?.decided).toEqual([0, 2].map((offset) => ({ eventId: `event-${offset}`, verdict: 'accepted', code: null, offset })))
  })

  it.each<[string, Entry[]]>([
    ['one was refused', [entry(0, 'own'), entry(1, 'own', 'refused')]],
    ['one came twice', [entry(0, 'own'), entry(1, 'own', 'duplicate')]],
    ['one may be the bytes of an own one', [entry(0, 'own'), { ...record, offset: 1, verdict: 'refused', code: 'FORM' }]],
    ['they come while the node catches up', Array.from({ length: 501 }, (_, offset) => entry(offset, offset === 0 ? 'own' : 'other'))],
  ])('are looked at first where %s', (_where, entries) => {
    expect(decidedAtOnce(batch(entries))).toBeUndefined()
  })
})
