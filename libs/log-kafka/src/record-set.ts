import { LogError, type LogRecord } from '#libs/exchange'

/** Consecutive records of one leader epoch, as many as one batch for a reader may have. */
export interface Slice {
  readonly records: readonly LogRecord[]
  /** First offset after it, control records included. */
  readonly next: number
  readonly leaderEpoch: number
  /** False when a record carries its writer's time, not the log's. */
  readonly isStampedByLog: boolean
}

/**
 * Reads the record set of a Fetch answer (record batches of magic 2, Kafka's implementation/message-format) from an offset on, at most `most`
 * records a slice. Lazy, so that a set of half a million tiny records is decoded in pieces between the reader's awaits. Headers are skipped by
 * the record's length: a record with 16,000 of them costs nothing. Control records leave a hole. A last batch cut off by the fetch size is left out.
 */
export function* slicesOf(set: Buffer, from: number, most: number): Generator<Slice> {
  let slice = emptySlice()
  let next = from
  for (const batch of batchesOf(set)) {
    if (batch.nextOffset <= from) continue
    if (slice.isBegun && slice.leaderEpoch !== batch.leaderEpoch) {
      yield { next, ...slice }
      slice = emptySlice()
    }
    slice = { ...slice, isBegun: true, leaderEpoch: batch.leaderEpoch }
    for (const record of batch.isControl ? [] : recordsOf(batch)) {
      if (record.offset < next) continue
      slice.records.push(record)
      if (!batch.isStampedByLog) slice.isStampedByLog = false
      next = record.offset + 1
      if (slice.records.length < most) continue
      yield { next, ...slice }
      slice = { ...emptySlice(), leaderEpoch: batch.leaderEpoch, isBegun: next < batch.nextOffset }
    }
    next = batch.nextOffset
  }
  if (slice.isBegun) yield { next, ...slice }
}

function emptySlice() {
  return { records: [] as LogRecord[], leaderEpoch: -1, isStampedByLog: true, isBegun: false }
}

interface RecordBatch {
  readonly firstOffset: number
  readonly nextOffset: number
  readonly leaderEpoch: number
  readonly isControl: boolean
  readonly isStampedByLog: boolean
  readonly firstTime: number
  readonly maxTime: number
  readonly count: number
  readonly bytes: Buffer
}

const batchHeaderBytes = 61

function* batchesOf(set: Buffer): Generator<RecordBatch> {
  for (let at = 0; at + batchHeaderBytes <= set.length; ) {
    const end = at + 12 + set.readInt32BE(at + 8)
    if (end > set.length) return
    const firstOffset = Number(set.readBigInt64BE(at))
    const attributes = set.readInt16BE(at + 21)
    if ((attributes & 0x07) !== 0) {
      throw new LogError('LOG_MISCONFIGURED', `the batch at offset ${firstOffset} is compressed: compression.type was not uncompressed when it was written`)
    }
    yield {
      firstOffset,
      nextOffset: firstOffset + set.readInt32BE(at + 23) + 1,
      leaderEpoch: set.readInt32BE(at + 12),
      isControl: (attributes & 0x20) !== 0,
      isStampedByLog: (attributes & 0x08) !== 0,
      firstTime: Number(set.readBigInt64BE(at + 27)),
      maxTime: Number(set.readBigInt64BE(at + 35)),
      count: set.readInt32BE(at + 57),
      bytes: set.subarray(at + batchHeaderBytes, end),
    }
    at = end
  }
}

function* recordsOf(batch: RecordBatch): Generator<LogRecord> {
  const { bytes } = batch
  let at = 0
  const varint = () => {
    let value = 0
    let byte = 0x80
    for (let weight = 1; byte >= 0x80; weight *= 128) {
      byte = bytes.readUInt8(at++)
      value += (byte & 0x7f) * weight
    }
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2 // zigzag
  }
  const field = () => {
    const length = varint()
    if (length < 0) return null
    at += length
    return bytes.subarray(at - length, at)
  }
  for (let read = 0; read < batch.count; read++) {
    const length = varint()
    const end = at + length
    at += 1 // attributes, unused by Kafka
    const time = varint()
    const offset = batch.firstOffset + varint()
    const key = field()
    const value = field()
    at = end
    yield { offset, key, value, appendTime: batch.isStampedByLog ? batch.maxTime : batch.firstTime + time }
  }
}
