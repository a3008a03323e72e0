import { describe, expect, it } from '@jest/globals'
import { bodyOfStep, occurredAtOf, type JsonObject, type Story, type StoryStep } from './story.js'

const story: Story = {
  story: 'two-boxes', title: 'Two boxes', invented: [], t0: 'Acceptance',
  groups: { ALL: ['KRVU3054204', 'KRVU3054225'] },
  tables: { loadings: [{ equipmentId: 'KRVU3054204', carriedBy: '94501014' }] },
  steps: [],
}
const telling = { t0: new Date('2022-12-16T06:00:00Z'), events: new Map([['10-offer', 'E'.repeat(43)]]) }

function stepWith(body: JsonObject, at = 0): StoryStep {
  return { name: '10-answer', row: 10, at, by: 'uz-uty', statement: 'HandoffAnswered', says: '', body }
}

describe('telling a step', () => {
  it('puts in the boxes of a group, the rows of a table, the id of an earlier statement and the time', () => {
    const step = stepWith({
      offer: { $event: '10-offer' }, transferredAt: { $time: -1.5 }, items: { $group: 'ALL' },
      deeper: [{ loadings: { $table: 'loadings' } }], otherwise: 'accepted', counted: false,
    })
    expect(bodyOfStep(story, step, telling)).toEqual({
      offer: 'E'.repeat(43), transferredAt: '2022-12-16T04:30:00.000Z', items: ['KRVU3054204', 'KRVU3054225'],
      deeper: [{ loadings: [{ equipmentId: 'KRVU3054204', carriedBy: '94501014' }] }], otherwise: 'accepted', counted: false,
    })
  })

  it('happens its hours after T0', () => {
    expect(occurredAtOf(stepWith({}, 420), telling.t0)).toBe('2023-01-02T18:00:00.000Z')
  })

  it.each<[string, JsonObject]>([
    ['a statement nobody made yet', { offer: { $event: '16-offer' } }],
    ['an unknown group', { items: { $group: 'V3' } }],
    ['an unknown table', { loadings: { $table: 'unloadings' } }],
    ['a member every object has', { items: { $group: 'constructor' } }],
    ['a time that is no number', { presentedAt: { $time: '10' } }],
    ['a kind of reference there is not', { items: { $grup: 'ALL' } }],
    ['a reference with something beside it', { items: { $group: 'ALL', also: 1 } }],
  ])('fails for %s', (_, body) => {
    expect(() => bodyOfStep(story, stepWith(body), telling)).toThrow(expect.objectContaining({ code: 'STORY_REFERENCE', step: '10-answer' }))
  })
})
