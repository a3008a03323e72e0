import { join } from 'node:path'
import type { Log } from '#libs/exchange'
import { openKafkaLog } from '#libs/log-kafka'
import { generateKeyPair, privateKeyOf, signKeyProof, thumbprintOf, type KeyPair } from '#libs/signature'
import { freshDatabase, freshTopic, sharedKafka, until } from '#libs/testing'
import { loadCorridor, type Corridor } from '../../corridors/load.js'
import { found, signFounding, type AuthorityPen } from '../../scripts/register/authority-pen.js'
import { admissions, firstKey, registrations } from '../../scripts/register/corridor-register.js'
import { caughtUp } from './agreement.js'
import { servePeers, type PeerServer } from './peer-server.js'
import { newNodeKeys, openRealNode, thirtyDaysMs, type CorridorAddress, type NodeKeys, type NodeOptions, type RealNode } from './real-node.js'

export interface RealCorridor extends CorridorAddress {
  readonly pen: AuthorityPen
  /** The events log as a foreign client has it: for raw records and for reading along. */
  readonly log: Log
  /** Every process that has been opened and not stopped, replicas too. */
  readonly running: readonly RealNode[]
  /** The process of a participant's node that has run longest. */
  node(participant: string): RealNode
  peer(participant: string): PeerServer
  keysOf(participant: string): NodeKeys
  /** One process more of a participant's node: a replica beside the first, or its successor. Not started. */
  open(participant: string, options?: Partial<NodeOptions>): Promise<RealNode>
  /** Ends a process; what it held in its database stays. */
  end(node: RealNode): Promise<void>
  stop(): Promise<void>
}

export interface RealCorridorOptions {
  /** Participants whose first key is in the register but who have no node: their keys are the test's. */
  readonly withoutNode?: readonly string[]
  readonly brokers?: readonly string[]
  /** Superuser's address of the PostgreSQL for a participant's database; the shared one without. */
  readonly postgresOf?: (participant: string) => string | undefined
  readonly alter?: (participant: string) => NodeOptions['alter']
  /** Not every test needs blocks read; a key that its node has not stated anything with is needed by some. */
  readonly withEncryptionKeys?: boolean
}

/**
 * A corridor of a few members over real Kafka and real PostgreSQL, in one process: founded by the authority's own code, everybody and every place of
 * the Trans-Caspian corridor in its register.
 */
export async function openRealCorridor(members: readonly string[], options: RealCorridorOptions = {}): Promise<RealCorridor> {
  const { withoutNode = [], postgresOf = () => undefined, alter = () => undefined, withEncryptionKeys = true } = options
  const data = await loadCorridor(join(import.meta.dirname, '..', '..', 'corridors', 'trans-caspian'))
  const brokers = options.brokers ?? (await sharedKafka())
  const topics = { eventsTopic: freshTopic(), particularsTopic: freshTopic('particulars') }
  const log = await openKafkaLog({ brokers, topic: topics.eventsTopic, clientId: 'authority', create: true })
  await (await openKafkaLog({ brokers, topic: topics.particularsTopic, clientId: 'authority', create: true, retentionMs: thirtyDaysMs })).close()

  const running: RealNode[] = []
  const node = (participant: string) => running.find((one) => one.participant === participant)
  const peers = new Map<string, PeerServer>()
  for (const participant of members) peers.set(participant, await servePeers(() => node(participant)?.exchange))
  const keys = new Map([...members, ...withoutNode].map((participant) => [participant, newNodeKeys()]))
  const pen = await foundedBy(log, data, topics.eventsTopic, (participant) => peers.get(participant)?.url ?? nowhere)
  for (const [participant, { signature }] of keys) await pen.state(firstKey(pen.register(), shown(pen.corridor, participant, signature)))

  const address: CorridorAddress = { id: pen.corridor, epoch: data.epoch, brokers, ...topics }
  const databases = new Map(await Promise.all(members.map(async (participant) => [participant, await freshDatabase(postgresOf(participant))] as const)))
  const open: RealCorridor['open'] = async (participant, changes = {}) => {
    const opened = await openRealNode(participant, address, { database: known(databases, participant), keys: known(keys, participant), ...changes })
    running.push(opened)
    return opened
  }
  const end = async (ended: RealNode) => {
    running.splice(running.indexOf(ended), 1)
    await ended.stop()
  }
  for (const participant of members) await open(participant, { alter: alter(participant) })
  for (const { exchange } of running) exchange.start()
  await Promise.all(running.map((one) => ready(one)))
  if (withEncryptionKeys) await Promise.all(running.map((one) => addEncryptionKey(one)))
  await Promise.all(running.map((one) => caughtUp(one, log))) // so that everybody encrypts for everybody
  return {
    ...address, pen, log, running, open, end,
    node: (participant) => node(participant) ?? notHere(participant),
    peer: (participant) => known(peers, participant),
    keysOf: (participant) => known(keys, participant),
    stop: async () => {
      await Promise.all([...running].map((one) => end(one)))
      await Promise.all([...[...peers.values()].map((peer) => peer.close()), log.close()])
    },
  }
}

/** Where nobody listens: members without a node. */
const nowhere = 'http://127.0.0.1:1'

export async function ready(node: RealNode, withinMs = 20_000): Promise<void> {
  await until(async () => (await node.exchange.status()).ready, withinMs)
}

async function foundedBy(log: Log, data: Corridor, topic: string, urlOf: (participant: string) => string): Promise<AuthorityPen> {
  const { publicJwk, privateJwk } = generateKeyPair()
  const keys = { signing: { kid: thumbprintOf(publicJwk), privateKey: privateKeyFrom(privateJwk) }, publicJwks: [publicJwk] }
  const pen = { log, keys, clock: { now: () => Date.now() } }
  const founded = await found(pen, signFounding(pen, { name: data.name, epoch: data.epoch, topic }))
  await founded.state(admissions(data, founded.register(), urlOf))
  await founded.state(registrations(data, founded.register()))
  return founded
}

function shown(corridor: string, participant: string, { publicJwk, privateJwk }: KeyPair) {
  const claim = { corridor, participant, thumbprint: thumbprintOf(publicJwk), use: 'signature' as const }
  const proof = signKeyProof(claim, { kid: claim.thumbprint, privateKey: privateKeyFrom(privateJwk), iat: 0 })
  return { participant, keys: [{ use: 'signature' as const, jwk: publicJwk, proof }] }
}

export function privateKeyFrom(privateJwk: KeyPair['privateJwk']) {
  const key = privateKeyOf(privateJwk)
  if (!key) throw new Error('a generated key is a key')
  return key
}

async function addEncryptionKey({ participant, keys, submit }: RealNode): Promise<void> {
  const body = { participant, use: 'encryption' as const, jwk: keys.encryption.publicJwk, occurredAt: new Date().toISOString() }
  const result = await submit('KeyAdded', body, 'corridor')
  if (result.kind !== 'accepted') throw new Error(`${participant}: ${JSON.stringify(result)}`)
}

function known<V>(map: ReadonlyMap<string, V>, participant: string): V {
  return map.get(participant) ?? notHere(participant)
}

function notHere(participant: string): never {
  throw new Error(`${participant} is no member of this corridor, or its node has ended`)
}
