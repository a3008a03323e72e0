import type { Story } from '../story.js'
import type { Chance } from './chance.js'
import { renumbered } from './renumber.js'
import { isTrain, longestTrain, shortestTrain, trainOf } from './train.js'
import { troubled, type Trouble } from './troubles.js'

/** One journey of the traffic: a story of its own, told as a whole by whoever plays it. */
export interface Journey {
  readonly number: number
  readonly story: Story
  readonly troubles: Readonly<Record<Trouble, number>>
}

/** Journeys along a corridor, one after the other, each another train or ship: the corridor's stories in turn, cut, numbered anew and with trouble of their own. */
export function journeys(stories: readonly Story[], chance: Chance): () => Journey {
  let made = 0
  return () => {
    const story = stories[made % stories.length]
    if (!story) throw new RangeError('a corridor without a story has no traffic')
    const number = made++
    const train = isTrain(story) ? trainOf(story, chance.between(shortestTrain, longestTrain)) : story
    return { number, ...troubled(renumbered(train, number), chance) }
  }
}
