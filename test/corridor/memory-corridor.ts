import { randomBytes } from 'node:crypto'
import { Exchange, type Ledger, type SubmitRequest, type SubmitResult } from '#libs/exchange'
import type { StatementBody, StatementType } from '#libs/documents'
import { generateKeyPair, privateKeyOf, signKeyProof, thumbprintOf, type KeyPair } from '#libs/signature'
import { memoryDatabase, memoryTopic, openMemoryLedger, type MemoryTopic } from '#libs/testing'
import type { Corridor } from '../../corridors/load.js'
import { found, signFounding, type AuthorityPen } from '../../scripts/register/authority-pen.js'
import { admissions, firstKey, registrations } from '../../scripts/register/corridor-register.js'

export interface MemoryNode {
  readonly participant: string
  readonly exchange: Exchange
  readonly ledger: Ledger
  readonly database: ReturnType<typeof memoryDatabase>
  readonly keys: { readonly signature: KeyPair; readonly encryption: KeyPair }
  readonly alarms: string[]
  submit<T extends StatementType>(type: T, body: StatementBody<T>, subject?: string): Promise<SubmitResult>
}

export interface MemoryCorridor {
  readonly id: string
  readonly events: MemoryTopic
  readonly particulars: MemoryTopic
  readonly pen: AuthorityPen
  readonly nodes: ReadonlyMap<string, MemoryNode>
  node(participant: string): MemoryNode
  stop(): Promise<void>
}

/** All nodes of a corridor over the memory twins of log and ledger: the same flows and judge as in earnest, founded by the authority's own code. */
export async function openMemoryCorridor(corridor: Corridor, only?: readonly string[]): Promise<MemoryCorridor> {
  const events = memoryTopic()
  const particulars = memoryTopic()
  const clock = { now: () => Date.now() }
  const authority = generateKeyPair()
  const privateKey = privateKeyOf(authority.privateJwk)
  if (!privateKey) throw new Error('a generated key is a key')
  const pen = { log: events.open(), keys: { signing: { kid: thumbprintOf(authority.publicJwk), privateKey }, publicJwks: [authority.publicJwk] }, clock }
  const founded = await found(pen, signFounding(pen, { name: corridor.name, epoch: corridor.epoch, topic: 'memory.events' }))
  await founded.state(admissions(corridor, founded.register(), (participant) => `http://${participant}.test`))
  await founded.state(registrations(corridor, founded.register()))
  const members = corridor.participants.filter(({ participant }) => participant !== corridor.authority && (only === undefined || only.includes(participant)))
  const nodes = new Map(members.map(({ participant }) => [participant, openMemoryNode(participant, { id: founded.corridor, epoch: corridor.epoch }, events, particulars)]))
  for (const node of nodes.values()) {
    const jwk = node.keys.signature.publicJwk
    const claim = { corridor: founded.corridor, participant: node.participant, thumbprint: thumbprintOf(jwk), use: 'signature' as const }
    const key = privateKeyOf(node.keys.signature.privateJwk)
    if (!key) throw new Error('a generated key is a key')
    const proof = signKeyProof(claim, { kid: claim.thumbprint, privateKey: key, iat: 0 })
    await founded.state(firstKey(founded.register(), { participant: node.participant, keys: [{ use: 'signature', jwk, proof }] }))
  }
  for (const node of nodes.values()) node.exchange.start()
  for (const node of nodes.values()) await addEncryptionKey(node)
  return {
    id: founded.corridor, events, particulars, pen: founded, nodes,
    node: (participant) => nodes.get(participant) ?? missing(participant),
    stop: async () => void (await Promise.all([...nodes.values()].map(({ exchange }) => exchange.stop()))),
  }
}

export function openMemoryNode(participant: string, corridor: { readonly id: string; readonly epoch: number }, events: MemoryTopic, particulars: MemoryTopic, database = memoryDatabase(), keys = { signature: generateKeyPair(), encryption: generateKeyPair() }): MemoryNode {
  const ledger = openMemoryLedger(database)
  const alarms: string[] = []
  const privateKey = privateKeyOf(keys.signature.privateJwk)
  if (!privateKey) throw new Error('a generated key is a key')
  const exchange = new Exchange({
    corridor, participant, events: events.open(), particulars: particulars.open(), ledger, clock: { now: () => Date.now() }, random: randomBytes,
    keys: {
      signature: () => ({ kid: thumbprintOf(keys.signature.publicJwk), privateKey }),
      encryption: () => [{ kid: thumbprintOf(keys.encryption.publicJwk), privateJwk: { ...keys.encryption.privateJwk } }],
    },
    newSubject: newConsignmentId, peerGet: () => Promise.reject(new Error('no network in memory')),
    onAlarm: (code, detail) => void alarms.push(`${code}: ${detail}`),
  })
  return {
    participant, exchange, ledger, database, keys, alarms,
    submit: (type, body, subject) => exchange.submit({ type, body, waitMs: 10_000, ...(subject !== undefined && { subject }) } as SubmitRequest),
  }
}

async function addEncryptionKey({ participant, exchange, keys }: MemoryNode): Promise<void> {
  const body = { participant, use: 'encryption' as const, jwk: keys.encryption.publicJwk, occurredAt: new Date().toISOString() }
  const deadline = Date.now() + 10_000
  for (;;) {
    const result = await exchange.submit({ type: 'KeyAdded', subject: 'corridor', body, waitMs: 10_000 })
    if (result.kind === 'accepted') return
    if (Date.now() > deadline) throw new Error(`${participant}: ${JSON.stringify(result)}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

let made = 0

/** UUIDv7 with a fixed time and a counter: sorts in the order made. */
function newConsignmentId(): string {
  made += 1
  return `01970000-0000-7000-8000-${made.toString(16).padStart(12, '0')}`
}

function missing(participant: string): never {
  throw new Error(`${participant} has no node`)
}
