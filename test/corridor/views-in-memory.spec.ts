import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { join } from 'node:path'
import type { StatementBody } from '#libs/documents'
import { until } from '#libs/testing'
import { loadCorridor } from '../../corridors/load.js'
import { accepted, boxes, forwarder, holdBody, noteBody, remarkBody, tdy, uty, uzCustoms } from '../faults/short-journey.js'
import { openMemoryCorridor, type MemoryCorridor } from './memory-corridor.js'

const folder = join(import.meta.dirname, '..', '..', 'corridors', 'trans-caspian')
const geCustoms = 'ge-customs'
const members = [forwarder, uty, tdy, uzCustoms, geCustoms]
const [b1 = '', b2 = ''] = boxes
const occurredAt = '2026-06-02T09:00:00Z'

const movement = (items: string[]): StatementBody<'MovementReported'> =>
  ({ statusCode: '31', placeId: 'uz-ahangaran', time: { kind: 'actual', at: '2026-06-02T09:00:00Z' }, items, occurredAt })

describe('the views of nodes', () => {
  let corridor: MemoryCorridor
  beforeAll(async () => {
    corridor = await openMemoryCorridor(await loadCorridor(folder), members)
  }, 60_000)
  afterAll(() => corridor.stop())

  const asking = (participant: string) => corridor.node(participant).exchange.asking

  /** Everybody has applied what the log has. */
  const settled = async () => {
    const end = await corridor.events.open().end()
    for (const node of corridor.nodes.values()) await until(async () => (await node.ledger.cursor()).next === end, 5_000)
  }

  it('show a corrected statement put right at every node, and go on from there', async () => {
    const { subject } = accepted(await corridor.node(forwarder).submit('NoteIssued', noteBody()))
    await settled()
    const wrong = accepted(await corridor.node(uty).submit('MovementReported', movement([b1, b2]), subject))
    const { occurredAt: _when, ...data } = movement([b1])
    const right = { corrects: wrong.eventId, data, reason: [{ languageId: 'en', text: 'one only' }], occurredAt }
    const correction = accepted(await corridor.node(uty).submit('CorrectionFiled', right, subject))
    accepted(await corridor.node(uty).submit('RemarkAdded', remarkBody('after it'), subject))
    await settled()
    const dossiers = await Promise.all([forwarder, uty, uzCustoms].map((member) => asking(member).consignment(subject)))
    expect(new Set(dossiers.map((dossier) => JSON.stringify(dossier))).size).toBe(1)
    const positions = dossiers[0]?.items.filter(({ id }) => id === b1 || id === b2).map(({ position }) => position)
    expect(positions).toMatchObject([{ event: wrong.eventId, by: uty, correctedBy: correction.eventId }, undefined])
    expect(dossiers[0]).toMatchObject({ remarks: [{ by: uty }], lastOffset: (await asking(uty).events(subject, -1, 100))?.at(-1)?.offset })
  })

  it('show to customs off the route what they were drawn into by name, once and in its order', async () => {
    const node = corridor.node(uzCustoms)
    const subjects: string[] = []
    for (let made = 0; made < 3; made++) {
      const { subject } = accepted(await corridor.node(forwarder).submit('NoteIssued', noteBody()))
      await settled()
      subjects.unshift(subject)
      const wanted = { ...holdBody(boxes), kind: 'documentsWanted' as const, addressee: made === 0 ? geCustoms : uzCustoms }
      if (made !== 1) accepted(await node.submit('CustomsDecisionIssued', wanted, subject))
    }
    await settled()
    const [newest = '', between = '', first = ''] = subjects
    expect(await asking(geCustoms).consignment(first)).toMatchObject({ subject: first })
    expect(await asking(geCustoms).consignment(newest)).toBeUndefined()
    expect((await asking(geCustoms).search({}, undefined, 10)).map(({ dossier }) => dossier.subject)).toEqual([first])
    const all = await asking(uzCustoms).search({}, undefined, 10)
    expect(all.slice(0, 3).map(({ dossier }) => dossier.subject)).toEqual([newest, between, first])
    expect(new Set(all.map(({ dossier }) => dossier.subject)).size).toBe(all.length)
    const page = await asking(uzCustoms).search({}, undefined, 2)
    expect(page.map(({ dossier }) => dossier.subject)).toEqual([newest, between])
    expect((await asking(uzCustoms).search({}, page.at(-1)?.opened, 1)).map(({ dossier }) => dossier.subject)).toEqual([first])
  })

  it('show to customs the reason they gave themselves, and to its readers', async () => {
    const { subject } = accepted(await corridor.node(forwarder).submit('NoteIssued', noteBody()))
    await settled()
    const reason = [{ languageId: 'en', text: 'seal does not match' }]
    const hold = { ...holdBody([b1]), particulars: { blocks: [{ name: 'authority' as const, readers: [geCustoms], content: { consignmentId: subject, reason } }] } }
    const { eventId } = accepted(await corridor.node(uzCustoms).submit('CustomsDecisionIssued', hold, subject))
    await settled()
    expect(await asking(uzCustoms).particulars(subject)).toMatchObject([{ name: 'authority', issuer: uzCustoms, event: eventId, current: true, content: { reason } }])
    expect(await asking(uty).particulars(subject)).toEqual([])
  })
})
