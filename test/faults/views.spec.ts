import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { StatementBody } from '#libs/documents'
import { until } from '#libs/testing'
import { expectAgreement, expectAsReplayed } from './agreement.js'
import { openRealCorridor, ready, type RealCorridor } from './real-corridor.js'
import type { RealNode } from './real-node.js'
import { accepted, forwarder, noteBody, remarkBody, uty } from './short-journey.js'

/** Changes a dossier and, the first time, by what it is found. */
const arrivalBody: StatementBody<'MovementReported'> =
  ({ statusCode: '31', placeId: 'uz-ahangaran', time: { kind: 'actual', at: '2026-06-02T09:00:00Z' }, items: 'all', occurredAt: '2026-06-02T09:00:00Z' })

describe('a view that cannot be written', () => {
  let corridor: RealCorridor
  let node: RealNode
  let sound: string
  let ailing: string
  let untold: string

  beforeAll(async () => {
    corridor = await openRealCorridor([forwarder, uty])
    node = corridor.node(uty)
    ailing = accepted(await corridor.node(forwarder).submit('NoteIssued', noteBody())).subject
    sound = accepted(await corridor.node(forwarder).submit('NoteIssued', noteBody())).subject
    await expectAgreement(corridor.running, corridor.log)
  }, 60_000)
  afterAll(() => corridor.stop())

  it.each(['term', 'dossier'])('for %s rows of one consignment is recorded with an alarm, and nothing that was judged is held back', async (table) => {
    await refuseRows(table, ailing)
    const before = await dossierOf(ailing)
    const { offset } = accepted(await node.submit('MovementReported', arrivalBody, ailing))
    const beside = accepted(await node.submit('MovementReported', arrivalBody, sound))

    await expectAgreement(corridor.running, corridor.log)
    await expectAsReplayed(node, corridor.id, corridor.log)
    expect(await errors()).toContainEqual({ subject: ailing, offset, message: `no ${table} for this one` })
    const alarms = node.alarms.filter(({ detail }) => detail.startsWith(`${ailing} at ${offset}:`))
    expect(alarms).toEqual([{ code: 'VIEW_FAILED', detail: `${ailing} at ${offset}: no ${table} for this one` }])
    expect((await dossierOf(ailing)) === before).toBe(true)
    expect((await dossierOf(sound))?.includes(beside.eventId)).toBe(true)
    await node.query(`drop trigger refusing on ${table}`)
  })

  it('for want of a sound dossier is told just so', async () => {
    await node.query('delete from dossier_part where subject = $1 and part > 0', [ailing])
    const { offset, eventId } = accepted(await node.submit('RemarkAdded', remarkBody('on a dossier that is none'), ailing))
    untold = eventId
    await expectAsReplayed(node, corridor.id, corridor.log)
    expect((await errors()).filter((error) => error.offset === offset)).toMatchObject([{ subject: ailing }])
    expect(node.alarms.filter(({ code }) => code === 'VIEW_FAILED').map(({ detail }) => detail.split(':')[0])).toContain(`${ailing} at ${offset}`)
  })

  it('is mended by a rebuild', async () => {
    node.exchange.rebuild()
    await ready(node)
    await until(async () => (await dossierOf(ailing))?.includes(untold), 5_000)
    expect(await errors()).toEqual([])
    expect(await dossierOf(ailing)).toBe(await dossierOf(ailing, corridor.node(forwarder)))
    await expectAgreement(corridor.running, corridor.log)
  })

  it('says nothing at the nodes that can write theirs', () => {
    expect(corridor.node(forwarder).alarms).toEqual([])
  })

  async function refuseRows(table: string, subject: string): Promise<void> {
    await node.query(`create function refuse_${table}() returns trigger language plpgsql as $$ begin raise exception 'no ${table} for this one'; end $$`)
    const when = `for each row when (new.subject = '${subject}')`
    await node.query(`create trigger refusing before insert or update on ${table} ${when} execute function refuse_${table}()`)
  }

  async function errors(): Promise<readonly { readonly subject: string; readonly offset: number; readonly message: string }[]> {
    return node.query('select subject, log_offset::float8 as offset, message from view_error order by id')
  }

  async function dossierOf(subject: string, of = node): Promise<string | undefined> {
    return (await of.query<{ body: string }>(`select string_agg(body, ',' order by part) as body from dossier_part where subject = $1`, [subject]))[0]?.body
  }
})
