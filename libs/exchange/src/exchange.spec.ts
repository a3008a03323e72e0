import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { generateKeyPair, privateKeyOf, thumbprintOf } from '#libs/signature'
import { memoryDatabase, memoryTopic, openMemoryLedger, until, type MemoryDatabase, type MemoryTopic } from '#libs/testing'
import { bytesOf, isHole, type VectorFile } from '../../../scripts/vectors/vector-file.js'
import { Exchange } from './exchange.js'

const { corridor, records } = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', '..', 'test', 'vectors', 'founding-and-register.json'), 'utf8')) as VectorFile

describe('two replicas of a node', () => {
  it('answer from the rows that the other has written since they lost the lead', async () => {
    const [topic, database] = [memoryTopic(), memoryDatabase()]
    const registerIn = () => JSON.parse(database.states.get('corridor')?.register ?? 'null') as object | null
    const half = Math.floor(records.length / 2)
    insert(topic, records.slice(0, half))
    const [first, second] = [replica(topic, database), replica(topic, database)]
    first.start()
    await until(() => database.cursor.next === half, 5_000)
    const before = registerIn()
    expect(await first.asking.register()).toEqual(before)
    await first.stop()
    insert(topic, records.slice(half))
    second.start()
    await until(() => database.cursor.next === records.length, 5_000)
    expect(registerIn()).not.toEqual(before)
    expect(await first.asking.register()).toEqual(registerIn())
    await second.stop()
  })

  it('answer from what is there while they rebuild it', async () => {
    const [topic, database] = [memoryTopic(), memoryDatabase()]
    insert(topic, records)
    const node = replica(topic, database)
    node.start()
    await until(() => database.cursor.next === records.length, 5_000)
    topic.cut() // the log is away: nothing is applied again
    node.rebuild()
    await until(() => database.cursor.next === 0, 5_000)
    expect(await node.asking.register()).toBeUndefined()
    topic.restore()
    await until(() => database.cursor.next === records.length, 5_000)
    await node.stop()
  })
})

function insert(topic: MemoryTopic, vectors: VectorFile['records']): void {
  for (const vector of vectors) {
    if (isHole(vector)) topic.hole()
    else topic.insert([{ key: bytesOf(vector.key), value: bytesOf(vector.value), appendTime: vector.appendTime }])
  }
}

function replica(topic: MemoryTopic, database: MemoryDatabase): Exchange {
  const pair = generateKeyPair()
  const privateKey = privateKeyOf(pair.privateJwk)
  if (!privateKey) throw new Error('a generated key is a key')
  return new Exchange({
    corridor: { id: corridor, epoch: 1 }, participant: 'uz-uty', events: topic.open(), particulars: memoryTopic().open(), ledger: openMemoryLedger(database), clock: { now: () => 0 },
    random: randomBytes, keys: { signature: () => ({ kid: thumbprintOf(pair.publicJwk), privateKey }), encryption: () => [] }, newSubject: () => '',
    peerGet: () => Promise.reject(new Error('no network in memory')), onAlarm: () => undefined,
  })
}
