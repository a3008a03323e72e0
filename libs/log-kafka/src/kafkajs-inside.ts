import { createRequire } from 'node:module'
import type { Kafka } from 'kafkajs'

/**
 * The only door to the inside of kafkajs, which is pinned to 2.2.4 and whose face offers no way to read a partition without a consumer group.
 * What is used: its connections (addresses, TLS, SASL, metadata, time-outs) and its encoder of the Fetch request. Why: docs/decisions/reading-the-log.md.
 */
const require = createRequire(import.meta.url)

export interface Cluster {
  connect(): Promise<void>
  disconnect(): Promise<void>
  /** Also loads the topic's metadata. */
  addTargetTopic(topic: string): Promise<void>
  findTopicPartitionMetadata(topic: string): readonly { readonly partitionId: number; readonly leader: number }[]
  findBroker(node: { readonly nodeId: number }): Promise<Broker>
}

export interface Broker {
  /** Connection 1 carries fetches, which wait; connection 0 everything else. `getConnection` connects where it is not connected. */
  readonly connectionPool: { send<T>(exchange: Exchange<T>): Promise<T>; getConnection(index: 0 | 1): Promise<unknown> }
  listOffsets(request: {
    readonly isolationLevel: number
    readonly topics: readonly { readonly topic: string; readonly partitions: readonly { readonly partition: number; readonly timestamp: number }[] }[]
  }): Promise<{ readonly responses: readonly { readonly partitions: readonly { readonly offset: string }[] }[] }>
}

/** One request and how its answer is read. */
export interface Exchange<T> {
  readonly request: unknown
  readonly response: { decode(bytes: Buffer): Promise<T & { readonly clientSideThrottleTime: number }>; parse(decoded: T): Promise<T> }
  readonly requestTimeout: number
}

/** Everything is visible that the log has acknowledged: an open transaction of one member must not hide the later records of all. */
export const readUncommitted = 0

/** Connections of their own, with the settings of `kafka`. */
export function openCluster(kafka: Kafka): Cluster {
  const key = Object.getOwnPropertySymbols(kafka).find((symbol) => symbol.description === 'private:Kafka:createCluster')
  if (key === undefined) throw new Error('kafkajs is not the pinned version: it has no createCluster')
  // The symbol is kafkajs's own; the shape is that of 2.2.4.
  const createCluster = (kafka as unknown as Record<symbol, (options: object) => Cluster>)[key]
  if (createCluster === undefined) throw new Error('kafkajs is not the pinned version: createCluster is empty')
  return createCluster({ allowAutoTopicCreation: false, isolationLevel: readUncommitted, metadataMaxAge: 300_000 })
}

/** Fetch, version 11 (KIP-392), understood by every broker since 2.3. */
export const fetchRequest = require('kafkajs/src/protocol/requests/fetch/v11/request') as (fetch: {
  readonly replicaId: number
  readonly maxWaitTime: number
  readonly minBytes: number
  readonly maxBytes: number
  readonly isolationLevel: number
  readonly topics: readonly {
    readonly topic: string
    readonly partitions: readonly { readonly partition: number; readonly fetchOffset: string; readonly maxBytes: number }[]
  }[]
}) => unknown

/** Kafka's error of a number, with `type` (its name in Kafka's protocol). */
export const errorOfCode = (require('kafkajs/src/protocol/error') as { createErrorFromCode(code: number): Error }).createErrorFromCode

interface RequestQueue {
  readonly pending: readonly unknown[]
  scheduleCheckPendingRequests(): void
}

/**
 * kafkajs 2.2.4 re-arms a timer of 1 ms after every answer for ever, also with nothing waiting (`throttledUntil - Date.now()` is negative):
 * half of the idle cost of a process with many followers. Nothing pending, nothing to check.
 */
const RequestQueue = require('kafkajs/src/network/requestQueue') as { readonly prototype: RequestQueue }
const { scheduleCheckPendingRequests } = RequestQueue.prototype
RequestQueue.prototype.scheduleCheckPendingRequests = function (this: RequestQueue): void {
  if (this.pending.length > 0) scheduleCheckPendingRequests.call(this)
}
