import type { Kafka } from 'kafkajs'
import { errorOfCode, fetchRequest, openCluster, readUncommitted, type Broker, type Cluster, type Exchange } from './kafkajs-inside.js'

/** A connection to the leader of partition 0. Anything that it throws means: close it and connect anew. */
export interface TopicReader {
  /** The record set from an offset on, as soon as there is any, after `waitMs` at the latest. OFFSET_OUT_OF_RANGE is an answer, not an error. */
  fetch(offset: number, limits: { readonly waitMs: number; readonly maxBytes: number }): Promise<Fetched | 'out of range'>
  /** First offset still there, and first that does not exist yet. */
  bounds(): Promise<{ readonly start: number; readonly end: number }>
  /** Waits for the answer under way, but not for a broker that hangs. */
  close(): Promise<void>
}

export interface Fetched {
  readonly set: Buffer
  readonly end: number
  /** Milliseconds of Date.now(): who asked may have waited for a connection before. */
  readonly sentAt: number
}

export async function connectReader(kafka: Kafka, topic: string): Promise<TopicReader> {
  const cluster = openCluster(kafka)
  try {
    const broker = await leaderOf(cluster, topic)
    let isClosed = false
    const refuse = () => {
      if (isClosed) throw new Error('this connection has been closed') // kafkajs would connect anew
    }
    const [asking, fetching] = [connectedOnce(broker, 0), connectedOnce(broker, 1)]
    return {
      fetch: async (offset, limits) => {
        refuse()
        await fetching()
        refuse()
        const sentAt = Date.now()
        const { fetched } = await broker.connectionPool.send(fetchExchange(topic, offset, limits))
        return fetched === 'out of range' ? fetched : { sentAt, ...fetched }
      },
      bounds: async () => {
        refuse()
        await asking()
        refuse()
        const start = await listOffset(broker, topic, earliest)
        refuse()
        return { start, end: await listOffset(broker, topic, latest) }
      },
      close: () => {
        isClosed = true
        return Promise.race([cluster.disconnect(), new Promise<void>((resolve) => setTimeout(resolve, hangsAfterMs).unref())])
      },
    }
  } catch (error) {
    await cluster.disconnect()
    throw error
  }
}

const hangsAfterMs = 1500

/**
 * kafkajs opens a socket for every request that finds its connection closed, and forgets all but the last of them: they stay open after close(). So
 * those who come while it is being connected wait for that.
 */
function connectedOnce({ connectionPool }: Broker, index: 0 | 1): () => Promise<unknown> {
  let connecting: Promise<unknown> | undefined
  return () => (connecting ??= connectionPool.getConnection(index).finally(() => (connecting = undefined)))
}

async function leaderOf(cluster: Cluster, topic: string): Promise<Broker> {
  await cluster.connect()
  await cluster.addTargetTopic(topic)
  const partition = cluster.findTopicPartitionMetadata(topic).find(({ partitionId }) => partitionId === 0)
  if (partition === undefined) throw new Error(`${topic} has no partition 0`)
  return cluster.findBroker({ nodeId: partition.leader })
}

const earliest = -2
const latest = -1

async function listOffset(broker: Broker, topic: string, timestamp: number): Promise<number> {
  const { responses } = await broker.listOffsets({ isolationLevel: readUncommitted, topics: [{ topic, partitions: [{ partition: 0, timestamp }] }] })
  return Number(responses[0]?.partitions[0]?.offset ?? Number.NaN)
}

function fetchExchange(topic: string, offset: number, limits: { readonly waitMs: number; readonly maxBytes: number }) {
  const { waitMs, maxBytes } = limits
  const partitions = [{ partition: 0, fetchOffset: String(offset), maxBytes }]
  return {
    request: fetchRequest({
      replicaId: -1,
      maxWaitTime: waitMs,
      minBytes: 1,
      maxBytes,
      isolationLevel: readUncommitted,
      topics: [{ topic, partitions }],
    }),
    response: { decode: async (bytes) => decodeFetch(bytes), parse: async (decoded) => decoded },
    requestTimeout: waitMs + 10_000,
  } satisfies Exchange<{ readonly fetched: Answered | 'out of range' }>
}

type Answered = Omit<Fetched, 'sentAt'>

const outOfRange = 1

/** Fetch response, version 11, asked for one partition of one topic. */
function decodeFetch(bytes: Buffer): { readonly clientSideThrottleTime: number; readonly fetched: Answered | 'out of range' } {
  const clientSideThrottleTime = bytes.readInt32BE(0)
  refuseFault(bytes.readInt16BE(4))
  const topicAt = 14 // after session id and number of topics
  const partitionAt = topicAt + 2 + bytes.readInt16BE(topicAt) + 4
  const fault = bytes.readInt16BE(partitionAt + 4)
  if (fault === outOfRange) return { clientSideThrottleTime, fetched: 'out of range' }
  refuseFault(fault)
  const end = Number(bytes.readBigInt64BE(partitionAt + 6))
  const abortedAt = partitionAt + 30 // after high watermark, last stable offset and log start offset
  const aborted = Math.max(0, bytes.readInt32BE(abortedAt))
  const setAt = abortedAt + 4 + aborted * 16 + 4 // after the preferred read replica
  const size = Math.max(0, bytes.readInt32BE(setAt))
  return { clientSideThrottleTime, fetched: { set: bytes.subarray(setAt + 4, setAt + 4 + size), end } }
}

function refuseFault(fault: number): void {
  if (fault !== 0) throw errorOfCode(fault)
}
