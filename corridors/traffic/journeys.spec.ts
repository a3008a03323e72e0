import { describe, expect, it } from '@jest/globals'
import { isValidEquipmentId } from '#libs/documents'
import { judgeStory, refusalIn } from '../judge-story.js'
import { loadCorridor, loadStory } from '../load.js'
import type { Story } from '../story.js'
import { chanceFrom } from './chance.js'
import { journeys, type Journey } from './journeys.js'

const t0 = new Date('2026-06-01T00:00:00Z')

describe.each(['trans-caspian', 'ferghana'])('the traffic of %s', (name) => {
  it('is decided as told, whatever befalls a journey', async () => {
    const { corridor, made } = await traffic(name, 7, 8)
    for (const { number, story } of made) {
      const judged = judgeStory(corridor, story, t0)
      expect([number, judged.filter((one) => refusalIn(one) !== one.step.expect?.code).map((one) => `${one.step.name}: ${refusalIn(one)}`)]).toEqual([number, []])
      expect(judged.at(-1)?.judged.subject.consignment?.offers).toEqual({})
    }
  })

  it('knows delays, reservations, holds and corrections', async () => {
    const { made } = await traffic(name, 7, 24)
    for (const trouble of ['delay', 'reservation', 'hold', 'correction'] as const) {
      expect([trouble, made.reduce((sum, { troubles }) => sum + troubles[trouble], 0) > 0]).toEqual([trouble, true])
    }
    const statements = made.flatMap(({ story }) => story.steps)
    const kinds = (kind: string) => statements.filter(({ statement, body }) => statement === 'CustomsDecisionIssued' && body['kind'] === kind).length
    expect(kinds('held')).toBeGreaterThan(0)
    expect(statements.some(({ statement }) => statement === 'CorrectionFiled')).toBe(true)
  })

  it('gives every journey boxes, wagons and seals of its own, with right check digits', async () => {
    const { stories, made } = await traffic(name, 7, 9)
    for (const story of stories) {
      const mine = made.filter((one) => one.story.story === story.story).map(({ story: one }) => Object.values(one.groups).flat())
      const all = mine.map((ids) => [...new Set(ids)]).flat()
      expect(new Set(all).size).toBe(all.length)
      expect(all.filter((id) => /^[A-Z]{3}[UJZ]/.test(id) && !isValidEquipmentId('iso6346', id))).toEqual([])
      expect(all.filter((id) => /^[0-9]{8}$/.test(id) && !isValidEquipmentId('wagon1520', id))).toEqual([])
    }
  })

  it('comes again with the same seed, and otherwise with another', async () => {
    const [one, again, other] = await Promise.all([traffic(name, 7, 4), traffic(name, 7, 4), traffic(name, 8, 4)])
    expect(again.made).toEqual(one.made)
    expect(other.made).not.toEqual(one.made)
  })
})

async function traffic(name: string, seed: number, count: number): Promise<{ readonly corridor: Awaited<ReturnType<typeof loadCorridor>>; readonly stories: readonly Story[]; readonly made: readonly Journey[] }> {
  const corridor = await loadCorridor(`corridors/${name}`)
  const stories = await Promise.all(corridor.stories.map((story) => loadStory(`corridors/${name}/stories/${story}.json`)))
  const next = journeys(stories, chanceFrom(seed))
  return { corridor, stories, made: Array.from({ length: count }, next) }
}
