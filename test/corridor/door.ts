import { pathOf, type RoutedType } from '#libs/documents'
import { until } from '#libs/testing'
import { loadCorridor, loadStory, type Corridor } from '../../corridors/load.js'
import { bodyOfStep, occurredAtOf, type JsonObject } from '../../corridors/story.js'
import { tokenSource } from '../../scripts/demo-token.js'
import { join } from 'node:path'
import type { RunningCorridor } from './running-corridor.js'

/** What a node answered; a problem's code, a statement's event. */
export interface Answer {
  readonly status: number
  readonly body: { readonly eventId?: string; readonly subject?: string; readonly offset?: number; readonly code?: string } & Readonly<Record<string, unknown>>
}

/** An accepted statement. */
export interface Stated {
  readonly eventId: string
  readonly subject: string
  readonly offset: number
}

/** The public APIs of a corridor's nodes, for people of each organisation. */
export interface Door {
  readonly people: Corridor['users']
  tokenOf(user: string): Promise<string>
  /** By somebody of the participant's own. */
  post(participant: string, type: RoutedType, subject: string | undefined, body: object, headers?: Readonly<Record<string, string>>): Promise<Answer>
  /** The same to any address. */
  postTo(participant: string, path: string, body: object, headers?: Readonly<Record<string, string>>): Promise<Answer>
  get(participant: string, path: string): Promise<Answer>
  /** Posts what is to be accepted; answers its event. */
  state(participant: string, type: RoutedType, subject: string | undefined, body: object): Promise<Stated>
}

const folder = join(import.meta.dirname, '..', '..', 'corridors', 'trans-caspian')

export async function openDoor(corridor: RunningCorridor): Promise<Door> {
  const { users: people } = await loadCorridor(folder)
  const tokenOf = tokenSource(corridor.settings)
  const authorization = async (participant: string) => {
    const person = people.find(({ organisation, scopes }) => organisation === participant && scopes.includes('state'))
    if (!person) throw new Error(`${participant} has nobody`)
    return `Bearer ${await tokenOf(person.user)}`
  }
  const asked = async (participant: string, path: string, request: RequestInit & { readonly headers?: Readonly<Record<string, string>> }) => {
    const headers = { authorization: await authorization(participant), ...request.headers }
    const answer = await fetch(`${corridor.node(participant).url}${path}`, { ...request, headers, signal: AbortSignal.timeout(60_000) })
    return { status: answer.status, body: (await answer.json()) as Answer['body'] }
  }
  const postTo: Door['postTo'] = (participant, path, body, headers = {}) => {
    const all = { 'content-type': 'application/json', prefer: 'wait=30', ...headers }
    return asked(participant, path, { method: 'POST', body: JSON.stringify(body), headers: all })
  }
  const post: Door['post'] = (participant, type, subject, body, headers) => postTo(participant, pathOf(type, subject), body, headers)
  return {
    people, tokenOf, post, postTo,
    get: (participant, path) => asked(participant, path, {}),
    async state(participant, type, subject, body) {
      const { status, body: said } = await post(participant, type, subject, body)
      if (status !== 201) throw new Error(`${type} of ${participant}: ${status} ${JSON.stringify(said)}`)
      return { eventId: String(said.eventId), subject: String(said.subject), offset: Number(said.offset) }
    },
  }
}

/** The copper train's note, with half of the corridor on its route; particulars as told, the story's without. */
export async function trainNote(particulars?: object): Promise<JsonObject> {
  const story = await loadStory(join(folder, 'stories', 'casca.json'))
  const [step] = story.steps
  if (step?.statement !== 'NoteIssued') throw new Error('a story begins with its note')
  const t0 = new Date('2026-06-01T00:00:00Z')
  const body = { ...bodyOfStep(story, step, { t0, events: new Map() }), occurredAt: occurredAtOf(step, t0) }
  return { ...body, ...(particulars !== undefined && { particulars }) } as JsonObject // what a test gives is JSON
}

/** Waits until a node has applied so much of the log. */
export async function applied(corridor: RunningCorridor, participant: string, next: number): Promise<void> {
  const { url } = corridor.node(participant)
  await until(async () => ((await (await fetch(`${url}/health/ready`)).json()) as { next: number }).next >= next, 60_000)
}
