import { describe, expect, it } from '@jest/globals'
import { digestOf } from '#libs/documents'
import {
  amended, azCustoms, b1, b2, corrected, decided, declared, forwarder, given, goodsBlock, gr, granted, held, issued, journey, loaded, moved, note, offered,
  remarked,
  sealsChanged, tdy, tmCustoms, uty, uzCustoms,
} from '#libs/testing'
import { hashOfNote } from './note.js'

describe('correcting a statement', () => {
  it('keeps the wrong one and brings the effects of the right data', () => {
    const wrong = moved({ items: [b1] })
    given(journey.onLeg1, wrong)
      .when(corrected(wrong, { ...wrong.data, placeId: 'uz-khodjadavlet' }))
      .hasEffects(
        { effect: 'correction', corrects: wrong.eventId },
        { effect: 'position', items: [b1], statusCode: '31', placeId: 'uz-khodjadavlet', kind: 'actual', at: '2026-06-02T09:00:00Z' },
      )
  })

  it('brings right figures and seals for the views', () => {
    const wrong = loaded({ loadings: [{ equipmentId: b1, grossMassKg: 20_000 }] })
    given(journey.onLeg1, wrong)
      .when(corrected(wrong, { ...wrong.data, loadings: [{ equipmentId: b1, grossMassKg: 24_000 }] }))
      .hasEffect({ effect: 'figures', figures: [{ item: b1, grossMassKg: 24_000 }] })
    const seals = sealsChanged()
    given(journey.onLeg1, seals)
      .when(corrected(seals, { ...seals.data, changes: [{ equipmentId: b2, act: 'affixed', seal: { id: 'S2', sealingPartyRoleCode: 'CA' } }] }))
      .hasEffect({ effect: 'seals', changes: [{ item: b2, act: 'affixed', seal: { id: 'S2', sealingPartyRoleCode: 'CA' } }] })
    const declaration = declared()
    given(journey.issued, declaration)
      .when(corrected(declaration, { ...declaration.data, references: [{ code: 'ABE', id: 'D2' }], items: [b1] }))
      .hasEffect({ effect: 'declaration', country: 'UZ', procedureTypeCode: '1', references: [{ code: 'ABE', id: 'D2' }], items: [b1] })
  })

  it('never moves custody or lifts a hold: those are changed by acts of their own', () => {
    const offer = offered({ items: [{ id: b1 }] })
    given(journey.issued, offer)
      .when(corrected(offer, { ...offer.data, to: tdy }))
      .hasEffects({ effect: 'correction', corrects: offer.eventId })
      .leaves(({ offers }) => expect(offers[offer.eventId]?.to).toBe(uty))
    const hold = held()
    given(journey.issued, hold)
      .when(corrected(hold, { ...hold.data, items: [b2] }))
      .leaves(({ decisions }) => expect(decisions[hold.eventId]?.hold?.items).toContain(b1))
  })

  it('is not itself corrected: the statement is, again', () => {
    const remark = remarked()
    const correction = corrected(remark, { ...remark.data, code: '30-2' })
    given(journey.onLeg1, remark, correction).when(corrected(correction, correction.data)).refuses('CORRECTION_INVALID', '/corrects')
    given(journey.onLeg1, remark, correction).when(corrected(remark, { ...remark.data, code: '30-3' })).hasEffects({ effect: 'correction', corrects: remark.eventId })
  })
})

describe('granting a block of particulars', () => {
  it('is for whoever has it: its issuer and its readers', () => {
    for (const by of [forwarder, uty]) given(journey.issued).when(granted({ by, reader: uzCustoms }))
      .hasEffects({ effect: 'grant', digest: goodsBlock.digest, reader: uzCustoms })
  })

  it('makes the new reader a party and lets it grant in turn', () => {
    given(journey.issued, granted({ reader: gr })).when(granted({ by: gr, reader: azCustoms })).accepts()
  })

  const reasons = decided('held', { by: azCustoms, particulars: { blocks: [{ name: 'authority', digest: digestOf('risk'), readers: [tmCustoms] }] } })

  it('is for an authority and its readers where the block is of its decision', () => {
    given(journey.issued, reasons).when(granted({ by: azCustoms, digest: digestOf('risk'), reader: uzCustoms })).accepts()
    given(journey.issued, reasons).when(granted({ by: tmCustoms, digest: digestOf('risk'), reader: uzCustoms })).accepts()
  })

  it('does not open the reasons of customs to the issuer of the note, who has not got them', () => {
    given(journey.issued, reasons).when(granted({ by: forwarder, digest: digestOf('risk'), reader: forwarder })).refuses('NOT_READER', '/digest')
  })

  it('cannot be gone round by naming a digest that everybody sees', () => {
    const claimed = { name: 'goods', digest: digestOf('risk'), readers: [forwarder] } as const
    const version2 = amended(hashOfNote(note()), { particulars: { blocks: [{ ...claimed, readers: [forwarder] }] } })
    given(journey.issued, reasons, version2).when(granted({ by: forwarder, digest: digestOf('risk'), reader: uty })).refuses('NOT_READER')
    const stolen = decided('registered', { by: azCustoms, particulars: { blocks: [{ name: 'authority', digest: goodsBlock.digest, readers: [azCustoms] }] } })
    given(journey.issued, stolen)
      .when(granted({ by: azCustoms, reader: azCustoms }))
      .refuses('NOT_READER')
      .leaves(({ blocks }) => expect(blocks[goodsBlock.digest]).toEqual([...goodsBlock.readers, forwarder].sort()))
  })

  it('outlives an amendment, which may add readers but not take the block back', () => {
    const version2 = amended(hashOfNote(note()), { particulars: { blocks: [{ ...goodsBlock, readers: [tdy] }] } })
    given(issued(), granted({ reader: azCustoms }), version2).when(granted({ by: azCustoms, reader: gr })).accepts()
  })
})
