import { describe, expect, it } from '@jest/globals'
import { issued, journey, moved } from '#libs/testing'
import { dossierOf } from './dossier.fixture.js'
import { dossierIn } from './shapes.js'

const members = ['custodySince', 'evidence', 'deviationReason', 'contracts', 'place', 'position', 'expected'] as const

describe('a dossier that was read', () => {
  it.each([
    ['after its note', [issued()]],
    ['after its last handoff', [journey.delivered]],
    ['after a report and another that is expected', [journey.onLeg1, moved(), moved({ statusCode: '1', time: { kind: 'estimated', at: '2026-06-08T12:00:00Z' } })]],
  ])('says what was written and has in common what it had %s', (_, story) => {
    const dossier = dossierOf(...story)
    const read = dossierIn(JSON.stringify(dossier))
    expect(JSON.stringify(read)).toBe(JSON.stringify(dossier))
    expect(dossier.items.length).toBeGreaterThan(1)
    for (const member of members) expect(alikeIn(read.items, member)).toEqual(alikeIn(dossier.items, member))
  })
})

/** By which item each has its member. */
function alikeIn<T>(items: readonly T[], member: keyof T): readonly number[] {
  return items.map((item) => items.findIndex((other) => other[member] === item[member]))
}
