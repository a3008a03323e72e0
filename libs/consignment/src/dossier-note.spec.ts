import { describe, expect, it } from '@jest/globals'
import { digestOf } from '#libs/documents'
import { allBoxes, amended, b1, b2, box, decided, forwarder, goodsBlock, granted, issued, loaded, note, tdy, uty, uzCustoms, type Story } from '#libs/testing'
import { hashOfNote } from './note.js'
import { dossierOf, itemOf } from './dossier.fixture.js'

const hash = hashOfNote(note())

describe('an amended note', () => {
  it('has its figures shown, but for what was found out since and it does not change', () => {
    const boxes = allBoxes.map((id) => box(id, id === b1 ? { grossMassKg: 25_000 } : {}))
    const weighed = loaded({ loadings: [{ equipmentId: b1, grossMassKg: 24_300 }, { equipmentId: b2, grossMassKg: 24_100, verifiedGrossMassKg: 26_300 }] })
    const after = amended(hash, { utilizedTransportEquipment: boxes, grossMassKg: 97_000 })
    const again = loaded({ loadings: [{ equipmentId: b1, grossMassKg: 25_050 }] })
    const figures = (...story: readonly Story[]) => [b1, b2].map((id) => itemOf(dossierOf(...story), id).figures)
    expect(figures(issued(), weighed, after)).toEqual([
      { packageQuantity: 24, grossMassKg: 25_000 }, { packageQuantity: 24, grossMassKg: 24_100, verifiedGrossMassKg: 26_300 },
    ])
    expect(figures(issued(), weighed, after, again)[0]).toEqual({ packageQuantity: 24, grossMassKg: 25_050 })
  })

  it('leaves the blocks it replaces known, as no longer current', () => {
    const goods = { name: 'goods' as const, digest: digestOf('goods 2'), readers: [uty] }
    const authority = { name: 'authority' as const, digest: digestOf('risk'), readers: [uzCustoms] }
    const decision = decided('held', { particulars: { blocks: [authority] } })
    const second = amended(hash, { particulars: { blocks: [goods] } })
    const first = issued()
    expect(dossierOf(first, decision, second).blocks).toEqual([
      { ...goodsBlock, issuer: forwarder, event: first.eventId, current: false },
      { ...authority, issuer: uzCustoms, event: decision.eventId, current: true },
      { ...goods, issuer: forwarder, event: second.eventId, current: true },
    ])
  })

  it('has readers by grant, and none by who does not have the block', () => {
    const stolen = decided('held', { particulars: { blocks: [{ name: 'authority', digest: goodsBlock.digest, readers: [uzCustoms] }] } })
    expect(dossierOf(issued(), stolen).blocks).toMatchObject([{ readers: goodsBlock.readers }])
    expect(dossierOf(issued(), granted({ by: tdy, reader: uzCustoms })).blocks).toMatchObject([{ readers: [...goodsBlock.readers, uzCustoms] }])
  })
})
