import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type pg from 'pg'
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js'
import { freshDatabase } from '#libs/testing'
import { bindInPieces, bindMessage, ClientInPieces, type Bound } from './bind-in-pieces.js'
import { openDatabase, type Database } from './database.js'

/** As the driver has it. */
const { serialize } = createRequire(createRequire(import.meta.url).resolve('pg'))('pg-protocol') as { readonly serialize: { bind(bound: Bound): Buffer } }

const largeBytes = fc.integer({ min: 4_000, max: 4_200 }).map((length) => Buffer.alloc(length, length))
const value = fc.oneof(fc.constant(null), fc.constant(undefined), fc.string({ unit: 'grapheme' }), fc.uint8Array().map((bytes) => Buffer.from(bytes)), largeBytes)

const asItIs = (one: unknown) => one as string | Buffer<ArrayBuffer> | null | undefined // what a mapper gives

describe('a message that binds values', () => {
  it('is byte for byte that of the driver', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), fc.string(), fc.boolean(), fc.array(value), (statement, portal, binary, values) => {
      const bound: Bound = { statement, portal, binary, values, valueMapper: asItIs }
      expect(Buffer.concat(bindMessage(bound)).equals(serialize.bind(bound))).toBe(true)
    }))
  })

  it('may have more values than a signed number counts', () => {
    const bound: Bound = { values: [...Array<null>(40_000).fill(null), Buffer.alloc(70_000)], valueMapper: asItIs }
    expect(Buffer.concat(bindMessage(bound)).equals(serialize.bind(bound))).toBe(true)
  })

  it('has what its mapper makes of each value', () => {
    const bound: Bound = { portal: 'p', values: [7, Buffer.alloc(5_000), null], valueMapper: (one, at) => (typeof one === 'number' ? `${one} at ${at}` : (one as Buffer<ArrayBuffer> | null)) }
    expect(Buffer.concat(bindMessage(bound)).equals(serialize.bind(bound))).toBe(true)
  })

  it('carries large values uncopied and small ones together', () => {
    const [one, other] = [Buffer.alloc(4_096), Buffer.alloc(10_000)]
    const pieces = bindMessage({ values: ['a', one, 'b', Buffer.from('c'), other, 'd'], valueMapper: asItIs })
    expect(pieces.map((piece) => [one, other].findIndex((large) => large === piece))).toEqual([-1, 0, -1, 1, -1])
  })
})

describe('large values bound in pieces', () => {
  let database: Database
  beforeAll(async () => {
    database = await openDatabase({ url: (await freshDatabase()).runtimeUrl, poolSize: 1, onLost: () => undefined })
  })
  afterAll(() => database.close())

  const statement = { name: 'hashes', text: `select encode(sha256($1::bytea), 'hex') as first, $2::text as text, $3::int as number, $4::text as nothing, encode(sha256($5::bytea), 'hex') as last` }
  const bytes = (length: number, from: number) => Buffer.from(Array.from({ length }, (_, at) => (from + 31 * at) % 256))
  const hex = (of: Buffer) => createHash('sha256').update(of).digest('hex')

  it.each([10, 5_000, 65_536, 3_000_000])('come to the server as they are, of %d bytes', async (length) => {
    const [first, last] = [bytes(length, 1), bytes(length + 1, 2)]
    const rows = await Promise.all([1, 2].map((number) => database.transaction((query) => query(statement, [first, 'ž', number, null, last]))))
    expect(rows).toEqual([1, 2].map((number) => [{ first: hex(first), text: 'ž', number, nothing: null, last: hex(last) }]))
  })

  it('leave a connection that others can use when the server refuses them', async () => {
    const odd = { text: 'select $1::bytea as bytes, 1 / $2::int as number' }
    await expect(database.query(odd, [bytes(70_000, 3), 0])).rejects.toMatchObject({ message: expect.stringContaining('division by zero') })
    expect(await database.query(odd, [bytes(70_000, 3), 1])).toEqual([{ bytes: bytes(70_000, 3), number: 1 }])
  })

  it('need not be there at all', async () => {
    const client = await ((database.source.driver as PostgresDriver).master as pg.Pool).connect()
    try {
      expect((await client.query({ name: 'nothing', text: 'select 7 as number' })).rows).toEqual([{ number: 7 }])
    } finally {
      client.release()
    }
  })

  it('are those of every client of the pool', async () => {
    const client = await ((database.source.driver as PostgresDriver).master as pg.Pool).connect() // the one that was there when it was opened
    client.release()
    expect(client).toBeInstanceOf(ClientInPieces)
  })

  it('leave small ones to the driver, and send nothing where the socket is gone', () => {
    const sent: Buffer[] = []
    const whole: Bound[] = []
    const stream = { writable: true, cork: () => undefined, uncork: () => undefined, write: (piece: Buffer) => sent.push(piece) > 0 }
    const connection = { stream, bind: (bound: Bound) => void whole.push(bound) }
    bindInPieces(connection)
    const [small, large] = [[bytes(65_535, 4)], [bytes(65_535, 4), bytes(1, 5)]].map((values): Bound => ({ values, valueMapper: asItIs })) as [Bound, Bound]
    connection.bind(small)
    expect([whole, sent]).toEqual([[small], []])
    connection.bind(large)
    expect(whole).toEqual([small])
    expect(Buffer.concat(sent).equals(serialize.bind(large))).toBe(true)
    const pieces = sent.length
    stream.writable = false
    connection.bind(large)
    expect([whole, sent.length]).toEqual([[small], pieces])
  })
})
