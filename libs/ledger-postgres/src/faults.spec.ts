import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import type { AppliedBatch, Ledger } from '#libs/exchange'
import { freshDatabase, privatePostgres, sharedPostgres, until } from '#libs/testing'
import { openPostgresLedger } from './open-postgres-ledger.js'

describe('a ledger whose server dies', () => {
  let server: Awaited<ReturnType<typeof privatePostgres>>
  let ledger: Ledger
  beforeAll(async () => {
    server = await privatePostgres()
  })
  afterAll(() => server.current().stop())
  beforeEach(async () => {
    ledger = await openPostgresLedger(await freshDatabase(server.current().adminUrl))
  })
  afterEach(() => ledger.close())

  it('keeps every batch it has confirmed, over SIGKILL in the middle of applying, and goes on by itself', async () => {
    let confirmed = 0
    const applying = (async () => {
      for (;;) {
        await ledger.apply(batchAt(confirmed))
        confirmed += 10
      }
    })()
    const ended = applying.catch((error: unknown) => error)
    await until(() => confirmed >= 50, 10_000)
    await server.current().kill()
    expect(await ended).toMatchObject({ code: 'DATABASE_UNAVAILABLE', retryable: true })
    for (const call of [() => ledger.cursor(), () => ledger.entryAt(0), () => ledger.apply(batchAt(confirmed))]) {
      await expect(call()).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE', retryable: true })
    }

    await server.start()
    const { next } = await ledger.cursor()
    // The batch whose confirmation was lost may be there, whole.
    expect([confirmed, confirmed + 10]).toContain(next)
    expect(await ledger.leaves(0, next)).toHaveLength(next)
    expect(await ledger.entryAt(next - 1)).toMatchObject({ value: valueAt(next - 1) })
    await ledger.apply(batchAt(next))
  })

  it('tells its leader, and lets the standby wait until the server is back', async () => {
    const lead = await ledger.lead()
    const standby = ledger.lead()
    await server.current().kill()
    await lead.lost
    await server.start()
    await (await standby).release()
  })

  it('ends the wait of a standby when it is closed', async () => {
    const lead = await ledger.lead()
    const refused = expect(ledger.lead()).rejects.toMatchObject({ code: 'LEDGER_CLOSED' })
    await ledger.close()
    await refused
    await lead.lost
    ledger = await openPostgresLedger(await freshDatabase(server.current().adminUrl))
  })

  it('keeps a submission it has confirmed, and repeats it by its key where the answer was lost', async () => {
    const chain = { kid: 'own-key', subject: 'subject' }
    const submit = (one: number) =>
      ledger.submit(chain, { organisation: 'org', key: `key-${one}`, bodyHash: 'body' }, async (head) => {
        const sequence = (head?.sequence ?? 0) + 1
        const statement = { ...chain, eventId: `event-${one}`, sequence, value: `value-${one}` }
        return { statement, type: 'MovementReported', issuer: 'ktz', occurredAt: '2026-05-01T10:00:00Z', blocks: [] }
      })
    const submitting = Array.from({ length: 300 }, (_, one) => submit(one))
    await submitting[20]
    await server.current().kill()
    const outcomes = await Promise.allSettled(submitting)
    expect(outcomes.some(({ status }) => status === 'rejected')).toBe(true)

    await server.start()
    for (const [one, outcome] of outcomes.entries()) {
      if (outcome.status === 'fulfilled') expect(await ledger.submission(`event-${one}`)).toMatchObject({ state: 'new' })
      else expect(outcome.reason).toMatchObject({ code: 'DATABASE_UNAVAILABLE' })
      expect(await submit(one)).toMatchObject({ eventId: `event-${one}` })
    }
    const rows = await ledger.unsent(1_000_000)
    expect(rows.map(({ sequence }) => sequence)).toEqual(rows.map((_, place) => place + 1))
    expect(rows).toHaveLength(300)
  })
})

describe('opening a ledger', () => {
  it.each(['fsync', 'full_page_writes'])('is refused by a server that runs with %s off', async (setting) => {
    const server = await privatePostgres({ [setting]: 'off' })
    try {
      const opening = openPostgresLedger(await freshDatabase(server.current().adminUrl))
      await expect(opening).rejects.toMatchObject({ code: 'DATABASE_NOT_DURABLE', message: expect.stringContaining(setting) })
    } finally {
      await server.current().stop()
    }
  })

  it('is refused where its role alone would not wait for the disk', async () => {
    const database = await freshDatabase()
    const admin = new pg.Client({ connectionString: await sharedPostgres() })
    await admin.connect()
    await admin.query(`alter role ${new URL(database.runtimeUrl).username} set synchronous_commit = off`)
    await admin.end()
    await expect(openPostgresLedger(database)).rejects.toMatchObject({ code: 'DATABASE_NOT_DURABLE', message: expect.stringContaining('synchronous_commit') })
  })

  it('says that the database is away', async () => {
    const away = 'postgres://nobody:nothing@127.0.0.1:1/nowhere'
    await expect(openPostgresLedger({ runtimeUrl: away })).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE', retryable: true })
    await expect(openPostgresLedger({ runtimeUrl: away, ownerUrl: away })).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE', retryable: true })
  })
})

const valueAt = (offset: number): Buffer => Buffer.from(`value ${offset}`)

function batchAt(from: number): AppliedBatch {
  const entries = Array.from({ length: 10 }, (_, at) => ({
    offset: from + at, key: Buffer.from('subject'), value: valueAt(from + at), appendTime: 0, verdict: 'refused' as const, code: 'FORM', leaf: Buffer.of(1), effects: '[]',
  }))
  return { from, next: from + 10, frontier: 'f', entries, holes: [], heads: [], states: [], dossiers: [], viewFailures: [], blocks: [], ownKids: [] }
}
