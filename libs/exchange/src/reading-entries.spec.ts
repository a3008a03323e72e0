import { describe, expect, it } from '@jest/globals'
import { generateKeyPair, privateKeyOf, signJws, thumbprintOf } from '#libs/signature'
import { canonicalJson } from '#libs/documents'
import { consignmentId, draft, envelopeOf, uty } from '#libs/testing'
import { envelopeIn, toldBefore } from './reading-entries.js'
import type { Entry, Verdict } from './ports.js'

const keys = generateKeyPair()
const privateKey = privateKeyOf(keys.privateJwk)
const kid = thumbprintOf(keys.publicJwk)
const remark = draft('RemarkAdded', uty, { code: '30-1', text: [{ languageId: 'en', text: 'wet' }], items: 'all' })
const envelope = { ...envelopeOf(remark, 'A'.repeat(43), { heads: {} }), actor: { pseudonym: 'clerk 7', assurance: 'low' as const } }

function entryOf(offset: number, verdict: Verdict = 'accepted'): Entry {
  if (!privateKey) throw new Error('a generated key is a key')
  const value = Buffer.from(signJws({ typ: 'karvan-event+jws', payload: canonicalJson(envelope), kid, privateKey, iat: 0 }))
  return {
    offset, key: Buffer.from(consignmentId), value, appendTime: 0, verdict, code: verdict === 'refused' ? 'RULE:ACT_CLOSED' : null, leaf: Buffer.alloc(32), effects: '[]',
    event: { eventId: `event ${offset}`, kid, issuer: uty, subject: consignmentId, type: 'RemarkAdded', occurredAt: envelope.occurredAt },
  }
}

describe('reading entries', () => {
  it.each(['accepted', 'refused', 'duplicate'] as const)('tells what an entry states and for which person: %s', (verdict) => {
    expect(envelopeIn(entryOf(1, verdict))).toMatchObject({ data: remark.data, actor: { pseudonym: 'clerk 7' } })
  })

  it('tells nothing of bytes that are nobody\'s statement', () => {
    const { event, ...unsigned } = entryOf(1)
    const noEnvelope = { ...unsigned, event: { ...event!, subject: null } }
    expect([unsigned, noEnvelope, { ...entryOf(1), value: null }, { ...entryOf(1), value: Buffer.from('x.y') }].map((entry) => envelopeIn(entry))).toEqual(Array(4).fill(undefined))
  })

  it('tells page by page all that was accepted before an offset', async () => {
    const sample = entryOf(0)
    const entries = Array.from({ length: 1_203 }, (_, offset): Entry => ({ ...sample, offset, verdict: offset % 400 === 7 ? 'refused' : 'accepted' }))
    const ledger = { entriesOf: async (_subject: string, after: number, limit: number) => entries.filter(({ offset }) => offset > after).slice(0, limit) }
    expect((await toldBefore(ledger, consignmentId, 1_201)).map(({ offset }) => offset)).toEqual(entries.filter(({ offset, verdict }) => offset < 1_201 && verdict === 'accepted').map(({ offset }) => offset))
    expect((await toldBefore(ledger, consignmentId, 2))[0]).toMatchObject({ event: 'event 0', by: uty, type: 'RemarkAdded', data: remark.data })
  })
})
