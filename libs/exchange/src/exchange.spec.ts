import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, jest } from '@jest/globals'
import { generateKeyPair, openRecord, privateKeyOf, thumbprintOf } from '#libs/signature'
import { memoryDatabase, memoryTopic, openMemoryLedger, until, type MemoryDatabase, type MemoryTopic } from '#libs/testing'
import { bytesOf, isHole, type VectorFile } from '../../../scripts/vectors/vector-file.js'
import { Exchange } from './exchange.js'
import { Relay } from './relaying.js'

const { corridor, records } = vectors('founding-and-register')

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

describe('a record that comes before its turn', () => {
  const early = vectors('chain')
  const record = early.records.find((one) => !isHole(one) && one.code === 'EARLY')
  const signer = record && !isHole(record) ? openRecord(bytesOf(record.value)) : undefined
  const ownKid = signer?.ok === true ? signer.kid : ''

  it.each([
    ["of one's own key has its chain sent again", ownKid, true],
    ["of another's key has nothing sent again", 'nobody', false],
  ])('%s', async (_what, kid, isReturned) => {
    const returned = jest.spyOn(Relay.prototype, 'returned')
    const [topic, database] = [memoryTopic(), memoryDatabase()]
    insert(topic, early.records)
    const node = replica(topic, database, { corridor: early.corridor, kid })
    node.start()
    await until(() => database.cursor.next === early.records.length, 5_000)
    await node.stop()
    expect(returned.mock.calls.length > 0).toBe(isReturned)
    returned.mockRestore()
  })
})

function vectors(name: string): VectorFile {
  return JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', '..', 'test', 'vectors', `${name}.json`), 'utf8')) as VectorFile
}

function insert(topic: MemoryTopic, vectors: VectorFile['records']): void {
  for (const vector of vectors) {
    if (isHole(vector)) topic.hole()
    else topic.insert([{ key: bytesOf(vector.key), value: bytesOf(vector.value), appendTime: vector.appendTime }])
  }
}

function replica(topic: MemoryTopic, database: MemoryDatabase, of: { readonly corridor?: string; readonly kid?: string } = {}): Exchange {
  const pair = generateKeyPair()
  const kid = of.kid ?? thumbprintOf(pair.publicJwk)
  const privateKey = privateKeyOf(pair.privateJwk)
  if (!privateKey) throw new Error('a generated key is a key')
  return new Exchange({
    corridor: { id: of.corridor ?? corridor, epoch: 1 }, participant: 'uz-uty', events: topic.open(), particulars: memoryTopic().open(), ledger: openMemoryLedger(database), clock: { now: () => 0 },
    random: randomBytes, keys: { signature: () => ({ kid, privateKey }), encryption: () => [] }, newSubject: () => '',
    peerGet: () => Promise.reject(new Error('no network in memory')), onAlarm: () => undefined,
  })
}
