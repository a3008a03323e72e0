import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Story, StoryStep } from '../../corridors/story.js'
import { newRun, type DemoRun } from './demo-run.js'
import { playStory, type PlayedStep, type Stage } from './play-story.js'

interface Asked {
  readonly method: string
  readonly path: string
  readonly key: string | undefined
  readonly bearer: string | undefined
  readonly body: Readonly<Record<string, unknown>>
}

interface Answer {
  readonly status: number
  readonly body?: object
  readonly headers?: Readonly<Record<string, string>>
}

const subject = '01938f0a-0000-7000-8000-000000000001'
const issued: Answer = { status: 201, body: { eventId: 'event-note', subject } }
const remarked: Answer = { status: 201, body: { eventId: 'event-remark', subject } }
const note = step('note', 'uz-forwarder', 'NoteIssued', { note: { utilizedTransportEquipment: ['A', 'B', 'C'] } })
const remark = step('remark', 'uz-uty', 'RemarkAdded', { items: { $group: 'ALL' }, about: { $event: 'note' } })

let node: Server
let url: string
let asked: Asked[]
let answers: (Answer | 'drop')[]
let kept: DemoRun[]
let run: DemoRun

beforeEach(async () => {
  asked = []
  answers = []
  kept = []
  run = newRun(new Date('2026-01-05T08:00:00Z'))
  node = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString()
      const header = (name: string) => request.headers[name] as string | undefined
      const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)
      asked.push({ method: request.method!, path: request.url!, key: header('idempotency-key'), bearer: header('authorization'), body })
      const answer = answers.shift() ?? { status: 500 }
      if (answer === 'drop') request.socket.destroy()
      else response.writeHead(answer.status, answer.headers).end(JSON.stringify(answer.body ?? {}))
    })
  })
  await new Promise<void>((resolve) => node.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(node.address() as AddressInfo).port}`
})

afterEach(() => {
  node.closeAllConnections()
  node.close()
})

describe('playing a story', () => {
  it('posts each statement at its issuer’s node, in its name, when the story says it happened', async () => {
    answers = [issued, remarked]
    const played = await playAll([note, remark])
    expect(played.map(({ number, of, items, outcome }) => ({ number, of, items, kind: outcome.kind }))).toEqual([
      { number: 1, of: 2, items: 3, kind: 'accepted' },
      { number: 2, of: 2, items: 2, kind: 'accepted' },
    ])
    expect(asked).toEqual([
      expect.objectContaining({ method: 'POST', path: '/uz-forwarder/v1/consignment-notes', bearer: 'Bearer token-of-uz-forwarder' }),
      expect.objectContaining({ path: `/uz-uty/v1/consignments/${subject}/remarks`, key: `${run.runId}-remark` }),
    ])
    expect(asked[1]!.body).toEqual({ items: ['KRVU3054204', 'KRVU3054225'], about: 'event-note', occurredAt: '2026-01-05T10:00:00.000Z' })
  })

  it('states on the consignment of the note that a step names, otherwise on the first', async () => {
    const others = '01938f0a-0000-7000-8000-000000000002'
    answers = [issued, { status: 201, body: { eventId: 'event-other', subject: others } }, remarked, remarked]
    const other = step('other', 'uz-forwarder', 'NoteIssued', { note: { utilizedTransportEquipment: ['D'] } })
    const played = await playAll([note, other, { ...step('on-other', 'uz-uty', 'RemarkAdded', { items: 'all' }), on: 'other' }, remark])
    expect(asked.slice(2).map(({ path }) => path)).toEqual([others, subject].map((one) => `/uz-uty/v1/consignments/${one}/remarks`))
    expect(played.map(({ items }) => items)).toEqual([3, 1, undefined, 2])
    expect(kept.at(-1)?.subjects).toEqual({ note: subject, other: others })
  })

  it.each<[string, (Answer | 'drop')[]]>([
    ['is busy', [{ status: 503, headers: { 'retry-after': '0' } }, { status: 429 }]],
    ['breaks the connection', ['drop', 'drop']],
    ['is restarting behind its gateway', [{ status: 502 }]],
  ])('tries again with the same key when a node %s', async (_what, trouble) => {
    answers = [...trouble, issued]
    const [played] = await playAll([note])
    expect(played?.outcome).toEqual({ kind: 'accepted', eventId: 'event-note', subject })
    expect(new Set(asked.map(({ key }) => key))).toEqual(new Set([`${run.runId}-note`]))
  })

  it('asks after a statement that is only durable so far', async () => {
    answers = [{ status: 202, body: { eventId: 'event-note', subject } }, { status: 200, body: { state: 'sent' } }, decided('accepted')]
    const [played] = await playAll([note])
    expect(played?.outcome).toEqual({ kind: 'accepted', eventId: 'event-note', subject })
    expect(asked.map(({ path }) => path).slice(1)).toEqual(['/uz-forwarder/v1/submissions/event-note', '/uz-forwarder/v1/submissions/event-note'])
  })

  it('gives a node up that stays away', async () => {
    answers = Array.from({ length: 1_000 }, () => 'drop' as const)
    await expect(playAll([note], { awayMs: 60, pauseMs: 5 })).rejects.toThrow('does not come back')
  })
})

describe('a refusal', () => {
  const held: Answer = { status: 409, body: { code: 'HELD_BY_CUSTOMS', detail: 'B017 is held' } }

  it('that the story tells of is part of it', async () => {
    answers = [issued, held, remarked]
    const refused = { ...step('refused', 'uz-uty', 'RemarkAdded', { items: 'all' }), expect: { status: 409, code: 'HELD_BY_CUSTOMS' } }
    const played = await playAll([note, refused, remark])
    expect(played.map(({ deviation }) => deviation)).toEqual([undefined, undefined, undefined])
    expect(kept.at(-1)?.events).toEqual({ note: 'event-note', refused: null, remark: 'event-remark' })
  })

  it.each<[string, Answer, StoryStep['expect'], string]>([
    ['that it does not tell of', held, undefined, 'refused with 409 HELD_BY_CUSTOMS (B017 is held), the story says acceptance'],
    ['for another reason', { status: 409, body: { code: 'NOT_HOLDER' } }, { status: 409, code: 'HELD_BY_CUSTOMS' }, 'refused with 409 NOT_HOLDER'],
    ['that does not come', remarked, { status: 409, code: 'HELD_BY_CUSTOMS' }, 'was to be refused with 409 HELD_BY_CUSTOMS, and was accepted'],
  ])('%s ends the playing', async (_what, answer, expected, deviation) => {
    answers = [issued, answer]
    const played = await playAll([note, { ...remark, ...(expected && { expect: expected }) }, remark])
    expect(played).toHaveLength(2)
    expect(played[1]?.deviation).toContain(deviation)
    expect(Object.keys(kept.at(-1)!.events)).toEqual(['note'])
  })

  it('counts also when it comes only after 202', async () => {
    answers = [{ status: 202, body: { eventId: 'event-note', subject } }, decided('refused', 'RULE:SUMS_DIFFER')]
    const [played] = await playAll([note])
    expect(played?.deviation).toContain('SUMS_DIFFER')
  })
})

describe('a playing that was killed', () => {
  it('goes on with the step it had not noted, under the same key', async () => {
    answers = [issued, remarked]
    const [first] = await collect(playStory(story([note, remark]), run, stage()), 1)
    expect(first?.step.name).toBe('note')
    const [next, ...more] = await collect(playStory(story([note, remark]), kept.at(-1)!, stage()))
    expect([next?.step.name, next?.number, more]).toEqual(['remark', 2, []])
    expect(asked.map(({ key }) => key)).toEqual([`${run.runId}-note`, `${run.runId}-remark`])
  })
})

function decided(verdict: string, code?: string): Answer {
  return { status: 200, body: { eventId: 'event-note', subject, state: 'decided', verdict, ...(code !== undefined && { code }) } }
}

function step(name: string, by: string, statement: StoryStep['statement'], body: StoryStep['body']): StoryStep {
  return { name, row: 1, at: 2, by, statement, says: name, body }
}

function story(steps: readonly StoryStep[]): Story {
  return { story: 'test', title: 'Test', invented: [], t0: 'T0', groups: { ALL: ['KRVU3054204', 'KRVU3054225'] }, tables: {}, steps }
}

function stage(patience = { awayMs: 5_000, pauseMs: 5 }): Stage {
  return {
    nodeUrlOf: (participant) => `${url}/${participant}`,
    tokenOf: (participant) => Promise.resolve(`token-of-${participant}`),
    keep: (state) => kept.push(state),
    patience,
  }
}

function playAll(steps: readonly StoryStep[], patience?: { awayMs: number; pauseMs: number }): Promise<PlayedStep[]> {
  return collect(playStory(story(steps), run, stage(patience)))
}

async function collect(playing: AsyncGenerator<PlayedStep>, atMost = Infinity): Promise<PlayedStep[]> {
  const played: PlayedStep[] = []
  for await (const one of playing) if (played.push(one) >= atMost) break
  return played
}
