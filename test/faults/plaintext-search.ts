import { Kafka, logLevel } from 'kafkajs'
import { slicesOf } from '../../libs/log-kafka/src/record-set.js'
import { connectReader } from '../../libs/log-kafka/src/topic-reader.js'
import type { RealNode } from './real-node.js'

/** The texts that give a secret away: itself, in hex, and what it looks like within base64 and base64url at each of the three alignments. */
export function tracesOf(secret: string): readonly string[] {
  const inBase64 = [0, 1, 2].flatMap((shift) => {
    const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(secret), Buffer.alloc(2)])
    const [from, to] = [Math.ceil((shift * 8) / 6), Math.floor(((shift + Buffer.byteLength(secret)) * 8) / 6)]
    return [bytes.toString('base64url').slice(from, to), bytes.toString('base64').slice(from, to)]
  })
  return [...new Set([secret, Buffer.from(secret).toString('hex'), ...inBase64])]
}

/** Where a database holds a trace: every column of every table, bytes as bytes, everything else as its text. */
export async function columnsWith(node: RealNode, traces: readonly string[]): Promise<readonly string[]> {
  const columns = await node.query<{ table: string; column: string; type: string }>(
    `select table_name as "table", column_name as "column", data_type as type from information_schema.columns where table_schema = 'public' order by 1, 2`,
  )
  const searches = columns.map(({ table, column, type }) => {
    const isIn = type === 'bytea' ? `position(convert_to(trace, 'UTF8') in "${column}") > 0` : `strpos("${column}"::text, trace) > 0`
    return `select '${table}.${column}' as place where exists (select from "${table}", unnest($1::text[]) as trace where ${isIn})`
  })
  return (await node.query<{ place: string }>(searches.join(' union all '), [traces])).map(({ place }) => place)
}

/** A topic's record batches as the broker keeps them, headers and all; topics of tests fit in one fetch, and are not compressed. */
export async function bytesOfTopic(brokers: readonly string[], topic: string): Promise<Buffer> {
  const reader = await connectReader(new Kafka({ brokers: [...brokers], clientId: 'searcher', logLevel: logLevel.NOTHING }), topic)
  try {
    const { start, end } = await reader.bounds()
    const fetched = await reader.fetch(start, { waitMs: 0, maxBytes: 50_000_000 })
    if (fetched === 'out of range') throw new Error(`${topic} went while it was read`)
    const next = [...slicesOf(fetched.set, start, Number.MAX_SAFE_INTEGER)].at(-1)?.next
    if (next !== end) throw new Error(`of ${end} records only ${next} came in one fetch`)
    return fetched.set
  } finally {
    await reader.close()
  }
}
