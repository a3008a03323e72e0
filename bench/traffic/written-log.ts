import { canonicalJson, digestOf } from '#libs/documents'
import type { Log, NewRecord, SigningKey } from '#libs/exchange'
import { eventIdOf, signJws, typs } from '#libs/signature'
import { dataOf } from '../../corridors/judge-story.js'
import type { JsonObject, Story } from '../../corridors/story.js'
import { chanceFrom } from '../../corridors/traffic/chance.js'
import { signingKeyOf, type BenchCorridor } from './founding.js'
import { departures, type TrainUnderWay } from '../../corridors/traffic/timetable.js'

/** How many trains are under way at a time; a week of the corridor's. */
const trainsUnderWay = 32

/** One party states several things of one train in a row (a terminal tells of its boxes) before another train has its turn: 1 to this many. */
const longestTurn = 20

export interface WrittenLog {
  /** First offset of the steady traffic: below it the register, and each train's way to where it is then. */
  readonly steadyFrom: number
  readonly end: number
  /** Statements that the story has refused, one a train. */
  readonly refused: number
  readonly meanBytes: number
}

/**
 * Signs and appends the statements of a corridor at work: 32 trains under way, each at another place of its journey, and whenever one has been delivered
 * the next departs. So the mix at the end is that at the beginning, and whoever applies 1,000 of it meets what another meets who applies 10,000.
 */
export async function writeTraffic(log: Log, corridor: BenchCorridor, story: Story, statements: number): Promise<WrittenLog> {
  const chance = chanceFrom(1)
  const depart = departures(story, chance)
  const pens = new Map([...corridor.keys].map(([participant, pair]) => [participant, penOf(corridor.id, participant, signingKeyOf(pair))]))
  let refused = 0
  let bytes = 0
  let unwritten: NewRecord[] = []
  const state = (train: TrainUnderWay): boolean => {
    const next = train.next()
    if (!next) return false
    const pen = pens.get(next.step.by)
    if (!pen) throw new Error(`${next.step.by} has no key`)
    const { record, eventId } = pen(train.subject, next.step.statement, next.body, next.occurredAt)
    if (next.step.expect) refused += 1
    bytes += record.value.length
    train.stated(eventId)
    unwritten.push(record)
    return true
  }
  const write = async () => {
    await log.append(unwritten)
    unwritten = []
  }

  const trains = Array.from({ length: trainsUnderWay }, depart)
  for (const [index, train] of trains.entries()) {
    const stages = Math.floor((index * 650) / trainsUnderWay) // a mean train has about 700 statements
    for (let stage = 0; stage < stages && state(train); stage++);
    await write()
  }
  const steadyFrom = await log.end()
  refused = 0
  bytes = 0
  for (let written = 0; written < statements; ) {
    const index = chance.between(0, trains.length - 1)
    for (let turn = chance.between(1, longestTurn); turn > 0 && written < statements; turn--) {
      const train = trains[index]
      if (train && state(train)) written += 1
      else trains[index] = depart()
    }
    if (unwritten.length >= 500) await write()
  }
  await write()
  return { steadyFrom, end: await log.end(), refused, meanBytes: Math.round(bytes / statements) }
}

type Pen = (subject: string, type: string, body: JsonObject, occurredAt: string) => { readonly record: NewRecord; readonly eventId: string }

/** One participant's signing, as its node would do it: a chain for each subject, digests in place of the particulars' blocks. */
function penOf(corridor: string, issuer: string, key: SigningKey): Pen {
  const heads = new Map<string, { readonly sequence: number; readonly eventId: string }>()
  return (subject, type, body, occurredAt) => {
    const head = heads.get(subject)
    const sequence = (head?.sequence ?? 0) + 1
    const payload = canonicalJson({
      v: 1, corridor, subject, type, issuer, actor: { pseudonym: `operator-of-${issuer}`, assurance: 'substantial' }, sequence, ...(head && { previous: head.eventId }),
      asOf: { size: 1_000_000 + heads.size, root: digestOf(subject) }, occurredAt, data: dataOf(body),
    })
    const value = signJws({ ...key, typ: typs.event, payload, iat: Math.floor(Date.parse(occurredAt) / 1_000) })
    const eventId = eventIdOf(value.slice(0, value.lastIndexOf('.')))
    heads.set(subject, { sequence, eventId })
    return { record: { key: subject, value }, eventId }
  }
}
