import { createLocalJWKSet } from 'jose'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateKeyPair as generateSigningPair, privateKeyOf, thumbprintOf } from '#libs/signature'
import { freePort, memoryDatabase, memoryTopic, openMemoryLedger, until, type MemoryDatabase, type MemoryTopic } from '#libs/testing'
import { loadCorridor, loadStory } from '../../../corridors/load.js'
import { bodyOfStep, occurredAtOf, type Story } from '../../../corridors/story.js'
import { found, signFounding, type AuthorityPen } from '../../../scripts/register/authority-pen.js'
import { admissions, firstKey, registrations } from '../../../scripts/register/corridor-register.js'
import type { ShownKeys } from '../../../scripts/register/shown-keys.js'
import { issuer, openIdentity, type Identity } from './identity.fixture.js'
import { openKeyStore } from './key-store.js'
import type { PortOpeners } from './node-runtime.js'
import { openNode, type NodeOptions, type OpenNode } from './open-node.js'
import { peerGet } from './peer-get.js'
import { openTokenReader } from './tokens.js'

const folder = join(import.meta.dirname, '..', '..', '..', 'corridors', 'trans-caspian')
const t0 = new Date('2026-06-01T00:00:00Z')

export interface HttpNode {
  readonly participant: string
  readonly url: string
  readonly opsUrl: string
  readonly open: OpenNode
  readonly database: MemoryDatabase
  readonly lines: readonly string[]
}

export interface HttpCorridor {
  readonly id: string
  readonly events: MemoryTopic
  readonly pen: AuthorityPen
  readonly story: Story
  readonly identity: Identity
  node(participant: string): HttpNode
  /** Body of a step of the copper train. */
  bodyOf(step: string, events?: ReadonlyMap<string, string>): object
  close(): Promise<void>
}

/** A corridor founded by the authority's own code over memory ports, with nodes behind real HTTP ports. */
export async function openHttpCorridor(
  participants: readonly string[],
  options: { readonly requestsPerMinute?: number; readonly trustedProxies?: readonly string[]; readonly feedLimits?: NodeOptions['feedLimits']; readonly openers?: (openers: PortOpeners) => PortOpeners } = {},
): Promise<HttpCorridor> {
  const { requestsPerMinute = 1_000_000, trustedProxies = [], openers = (given) => given, feedLimits = {} } = options
  const [corridor, story, identity] = await Promise.all([loadCorridor(folder), loadStory(join(folder, 'stories', 'casca.json')), openIdentity()])
  const [events, particulars] = [memoryTopic(() => Date.now()), memoryTopic(() => Date.now())]
  const home = mkdtempSync(join(tmpdir(), 'karvan-node-'))
  const clock = { now: () => Date.now() }
  const ports = new Map(
    await Promise.all(participants.map(async (participant) => [participant, { port: await freePort(), opsPort: await freePort() }] as const)),
  )
  const urlOf = (participant: string) => (ports.has(participant) ? `http://127.0.0.1:${ports.get(participant)?.port}` : `https://${participant}.example`)
  const authority = generateSigningPair()
  const privateKey = privateKeyOf(authority.privateJwk)
  if (!privateKey) throw new Error('a generated key is a key')
  const penOptions = { log: events.open(), keys: { signing: { kid: thumbprintOf(authority.publicJwk), privateKey }, publicJwks: [authority.publicJwk] }, clock }
  const pen = await found(penOptions, signFounding(penOptions, { name: corridor.name, epoch: corridor.epoch, topic: 'memory.events' }))
  const nodes = new Map<string, HttpNode>()
  for (const participant of participants) {
    const database = memoryDatabase()
    const lines: string[] = []
    const open = openers({
      events: () => Promise.resolve(events.open()),
      particulars: () => Promise.resolve(particulars.open()),
      ledger: () => Promise.resolve(openMemoryLedger(database)),
    })
    const { port = 0, opsPort = 0 } = ports.get(participant) ?? {}
    const node = await openNode({
      corridor: { id: pen.corridor, epoch: corridor.epoch },
      participant,
      keys: openKeyStore(join(home, `${participant}.json`)),
      open,
      canRebuild: true,
      clock,
      random: randomBytes,
      peerGet,
      feedLimits,
      http: { host: '127.0.0.1', port, url: urlOf(participant), oidcIssuer: issuer, requestsPerMinute, trustedProxies },
      ops: { host: '127.0.0.1', port: opsPort },
      readToken: openTokenReader(issuer, createLocalJWKSet(identity.jwks)),
      say: (level, message, facts) => void lines.push(JSON.stringify({ level, message, ...facts })),
    })
    nodes.set(participant, { participant, url: urlOf(participant), opsUrl: node.opsUrl, open: node, database, lines })
  }
  await pen.state(admissions(corridor, pen.register(), urlOf))
  await pen.state(registrations(corridor, pen.register()))
  return {
    id: pen.corridor,
    events,
    pen,
    story,
    identity,
    node: (participant) => nodes.get(participant) ?? missing(participant),
    bodyOf: (name, known = new Map()) => {
      const step = story.steps.find((one) => one.name === name) ?? missing(name)
      return { ...bodyOfStep(story, step, { t0, events: known }), occurredAt: occurredAtOf(step, t0) }
    },
    close: async () => {
      await Promise.all([...nodes.values()].map(({ open }) => open.close()))
      rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
    },
  }
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The body as JSON, made here: jest's fetch makes objects of another realm. */
  readonly json: Readonly<Record<string, unknown>>
}

/** Calls a node as a person of its organisation, unless told otherwise. */
export async function call(
  corridor: HttpCorridor,
  participant: string,
  path: string,
  init: RequestInit & { readonly token?: string | null } = {},
): Promise<Answer> {
  const { token = await corridor.identity.token(participant), ...request } = init
  const headers = { ...(token !== null && { authorization: `Bearer ${token}` }), ...(request.headers as Record<string, string> | undefined) }
  const answer = await fetch(`${corridor.node(participant).url}${path}`, { ...request, headers })
  const text = await answer.text()
  const isJson = /json/.test(answer.headers.get('content-type') ?? '')
  return { status: answer.status, headers: answer.headers, text, json: isJson ? (JSON.parse(text) as Answer['json']) : {} }
}

/** Posts a body as JSON. */
export function post(
  corridor: HttpCorridor,
  participant: string,
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const raw = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body)
  return call(corridor, participant, path, { method: 'POST', body: raw, headers: { 'content-type': 'application/json', ...headers } })
}

/** Has the authority admit the keys that the nodes show, and waits until every node is ready and can be written to in confidence. */
export async function admitted(corridor: HttpCorridor, participants: readonly string[]): Promise<void> {
  for (const participant of participants) {
    const shown = await (await fetch(`${corridor.node(participant).opsUrl}/key-proofs`)).text() // parsed here: jest's fetch makes objects of another realm
    await corridor.pen.state(firstKey(corridor.pen.register(), JSON.parse(shown) as ShownKeys))
  }
  for (const participant of participants) {
    const { url } = corridor.node(participant)
    await until(async () => (await fetch(`${url}/health/ready`)).status === 200, 10_000)
    await until(async () => (await registerKeysOf(corridor, participant)) === 2, 10_000)
  }
}

async function registerKeysOf(corridor: HttpCorridor, participant: string): Promise<number> {
  const register = await corridor.node(participant).open.runtime.exchange.asking.register()
  return Object.values(register?.keys ?? {}).filter((key) => key.participant === participant).length
}

function missing(name: string): never {
  throw new Error(`there is no ${name}`)
}
