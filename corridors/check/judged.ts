import { judgeStory, refusalIn, type StoryGround } from '../judge-story.js'
import type { Story } from '../story.js'
import { Words, type Notebook } from './finding.js'

const t0 = new Date('2026-06-01T00:00:00Z')

/** Tells the story to the judge. Only the first step that goes otherwise than told is noted: what follows it is mostly its consequence. */
export function checkJudged(corridor: StoryGround, story: Story, notes: Notebook): void {
  const steps = judgeStory(corridor, story, t0)
  const index = steps.findIndex((one) => refusalIn(one) !== one.step.expect?.code)
  const other = steps[index]
  if (!other) return
  const refusal = refusalIn(other)
  const facts = Object.entries(other.judged.refusal?.facts ?? {}).map(([name, value]) => `, ${name} ${value}`).join('')
  const told = other.step.expect ? `that it is refused with ${other.step.expect.code}, as told` : 'that the judge accepts it, as told'
  notes.error(`/steps/${index}${refusal === undefined ? '' : `/body${other.judged.refusal?.pointer ?? ''}`}`, new Words(refusal === undefined ? 'accepted' : `refused with ${refusal}${facts}`), told)
}
