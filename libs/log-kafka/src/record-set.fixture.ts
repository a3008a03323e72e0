import { createRequire } from 'node:module'

/** kafkajs's encoder as the oracle; its types are not published. */
const require = createRequire(import.meta.url)
type Encoded = { readonly buffer: Buffer }
const encodeBatch = (require('kafkajs/src/protocol/recordBatch/v0') as { RecordBatch(batch: object): Promise<Encoded> }).RecordBatch
const encodeRecord = require('kafkajs/src/protocol/recordBatch/record/v0') as (record: object) => Encoded

export interface BatchFixture {
  readonly firstOffset: number
  readonly records: readonly { readonly key: Buffer | null; readonly value: Buffer | null; readonly headers?: Readonly<Record<string, string | string[]>> }[]
  readonly leaderEpoch?: number
  readonly appendTime?: number
  readonly isControl?: boolean
  readonly isStampedByLog?: boolean
  readonly codec?: number
}

/** A record batch as a broker stores it. */
export async function batchOf(fixture: BatchFixture): Promise<Buffer> {
  const { firstOffset, records, leaderEpoch = 0, appendTime = 0, isControl = false, isStampedByLog = true, codec = 0 } = fixture
  const { buffer } = await encodeBatch({
    firstOffset: String(firstOffset),
    partitionLeaderEpoch: leaderEpoch,
    firstTimestamp: String(appendTime),
    maxTimestamp: String(appendTime),
    lastOffsetDelta: records.length - 1,
    records: records.map((record, offsetDelta) => encodeRecord({ ...record, offsetDelta, timestampDelta: 0 })),
  })
  buffer.writeInt16BE(codec | (isStampedByLog ? 0x08 : 0) | (isControl ? 0x20 : 0), 21)
  return buffer
}
