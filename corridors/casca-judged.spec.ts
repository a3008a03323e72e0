import { describe, expect, it } from '@jest/globals'
import { judgeStory } from './judge-story.js'
import { loadCorridor, loadStory } from './load.js'

const judgements = judgeStory(await loadCorridor('corridors/trans-caspian'), await loadStory('corridors/trans-caspian/stories/casca.json'), new Date('2022-12-16T06:00:00Z'))
const end = judgements.at(-1)?.judged.subject.consignment

describe('the copper train before the judge', () => {
  it.each(judgements.map(({ step, judged }) => [step.name, step, judged] as const))('%s is judged as told', (_, step, { code, refusal }) => {
    expect(refusal).toEqual(step.expect && expect.objectContaining({ code: step.expect.code }))
    expect(code).toBe(step.expect ? `RULE:${step.expect.code}` : null)
  })

  it('is refused once, where customs hold one box of sixty', () => {
    expect(judgements.filter(({ judged }) => judged.verdict !== 'accepted').map(({ step }) => step.name)).toEqual(['32-offer-refused'])
  })

  it('goes against no hold', () => {
    expect(judgements.flatMap(({ judged }) => judged.effects).filter(({ effect }) => effect === 'breach')).toEqual([])
  })

  it('ends with every box delivered under all four contracts, no offer open and no hold left', () => {
    const delivered = 2 * (end?.legs.length ?? 0) + 1
    expect(end?.items.filter(({ holder, stage }) => holder !== 'consignee-side' || stage !== delivered)).toEqual([])
    expect(end?.items.filter(({ contracts }) => contracts.join() !== 'c1,c2,c3,c4')).toEqual([])
    expect(end?.items).toHaveLength(91)
    expect(end?.offers).toEqual({})
    expect(Object.values(end?.decisions ?? {}).filter(({ hold }) => hold)).toEqual([])
  })
})
