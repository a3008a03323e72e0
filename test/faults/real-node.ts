import { randomBytes } from 'node:crypto'
import pg from 'pg'
import type { StatementBody, StatementType } from '#libs/documents'
import { Exchange, type AppliedNews, type ExchangeParts, type Ledger, type Log, type SubmitRequest, type SubmitResult } from '#libs/exchange'
import { openPostgresLedger } from '#libs/ledger-postgres'
import { openKafkaLog } from '#libs/log-kafka'
import { generateKeyPair, privateKeyOf, thumbprintOf, type KeyPair } from '#libs/signature'
import type { NodeDatabase } from '../../infra/postgres/node-database.js'

export interface NodeKeys {
  readonly signature: KeyPair
  readonly encryption: KeyPair
}

/** What a node reaches the world by; a test puts a faulty one in the place of a sound one. */
export interface NodePorts {
  readonly events: Log
  readonly particulars: Log
  readonly ledger: Ledger
}

export interface Alarm {
  readonly code: string
  readonly detail: string
}

/** One process of a participant's node: an Exchange over real Kafka and real PostgreSQL. */
export interface RealNode {
  readonly participant: string
  readonly exchange: Exchange
  readonly ports: NodePorts
  readonly database: NodeDatabase
  readonly keys: NodeKeys
  readonly alarms: Alarm[]
  /** Batches this process has applied, as [from, next). */
  readonly applied: (readonly [from: number, next: number])[]
  submit<T extends StatementType>(type: T, body: StatementBody<T>, subject?: string, waitMs?: number): Promise<SubmitResult>
  /** As the owner of the database, who may everything. */
  query<Row>(text: string, values?: readonly unknown[]): Promise<readonly Row[]>
  stop(): Promise<void>
}

export interface CorridorAddress {
  readonly id: string
  readonly epoch: number
  readonly brokers: readonly string[]
  readonly eventsTopic: string
  readonly particularsTopic: string
}

export interface NodeOptions {
  readonly database: NodeDatabase
  readonly keys: NodeKeys
  /** The ports as the exchange gets them. */
  readonly alter?: ((ports: NodePorts) => NodePorts) | undefined
}

export const thirtyDaysMs = 30 * 24 * 3_600_000

export function newNodeKeys(): NodeKeys {
  return { signature: generateKeyPair(), encryption: generateKeyPair() }
}

/** Opens a node's ports and its exchange; it does nothing before `exchange.start()`. */
export async function openRealNode(participant: string, corridor: CorridorAddress, options: NodeOptions): Promise<RealNode> {
  const { database, keys, alter = (ports: NodePorts) => ports } = options
  const alarms: Alarm[] = []
  const applied: (readonly [number, number])[] = []
  const onAlarm = (code: string, detail: string) => void alarms.push({ code, detail })
  const { brokers } = corridor
  const sound: NodePorts = {
    events: await openKafkaLog({ brokers, topic: corridor.eventsTopic, clientId: participant }),
    particulars: await openKafkaLog({ brokers, topic: corridor.particularsTopic, clientId: participant, retentionMs: thirtyDaysMs }),
    ledger: await openPostgresLedger({ ...database, poolSize: 4, onAlarm }),
  }
  const ports = alter(sound)
  const exchange = new Exchange({
    corridor, participant, ...ports, clock: { now: () => Date.now() }, random: randomBytes, keys: keyStoreOf(keys), newSubject: newConsignmentId,
    peerGet: get, onAlarm,
    onApplied: ({ cursor, judged }: AppliedNews) => void applied.push([cursor.next - judged.entries.length - judged.holes.length, cursor.next]),
  })
  return {
    participant, exchange, ports, database, keys, alarms, applied,
    submit: (type, body, subject, waitMs = 10_000) => exchange.submit({ type, body, waitMs, ...(subject !== undefined && { subject }) } as SubmitRequest),
    query: (text, values = []) => queryAs(database.ownerUrl, text, values),
    stop: async () => {
      await exchange.stop()
      await Promise.all([sound.ledger.close(), sound.events.close(), sound.particulars.close()])
    },
  }
}

export async function queryAs<Row>(url: string, text: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined) // the query tells
  await client.connect()
  try {
    return (await client.query({ text, values: [...values] })).rows as Row[] // as the caller's query has it
  } finally {
    await client.end()
  }
}

function keyStoreOf({ signature, encryption }: NodeKeys): ExchangeParts['keys'] {
  const privateKey = privateKeyOf(signature.privateJwk)
  if (!privateKey) throw new Error('a generated key is a key')
  return {
    signature: () => ({ kid: thumbprintOf(signature.publicJwk), privateKey }),
    encryption: () => [{ kid: thumbprintOf(encryption.publicJwk), privateJwk: { ...encryption.privateJwk } }],
  }
}

const get: ExchangeParts['peerGet'] = async (url, headers = {}) => {
  const answer = await fetch(url, { headers: { ...headers }, signal: AbortSignal.timeout(5_000) })
  return { status: answer.status, body: await answer.text() }
}

let made = 0

/** UUIDv7 with a fixed time and a counter: sorts in the order made. */
export function newConsignmentId(): string {
  made += 1
  return `01970000-0000-7000-8000-${made.toString(16).padStart(12, '0')}`
}
