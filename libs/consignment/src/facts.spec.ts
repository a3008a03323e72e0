import { describe, expect, it } from '@jest/globals'
import {
  actAnswered, actDrawn, alat, allBoxes, amended, answered, b1, b2, b3, box, cancelled, carriageAccepted, consignee, declared, forwarder, given, handedOver, held, issued,
  journey, line,
  loaded, moved, note, offered, remarked, sealsChanged, tdy, tendered, turkmenbashi, uty, uzCustoms, withdrawn,
} from '#libs/testing'
import { hashOfNote } from './note.js'

const seal = { id: 'S1', sealingPartyRoleCode: 'SH' } as const

describe('a loading', () => {
  it('tells what carries which box, its seals and its figures', () => {
    given(journey.issued)
      .when(loaded({ loadings: [{ equipmentId: b1, carriedBy: '61234567', affixedSeal: [seal], grossMassKg: 24_000, verifiedGrossMassKg: 26_200 },
        { equipmentId: b2, packageQuantity: 24 }] }))
      .hasEffects(
        { effect: 'carriedBy', loads: [{ item: b1, unit: '61234567' }] },
        { effect: 'figures', figures: [{ item: b1, grossMassKg: 24_000, verifiedGrossMassKg: 26_200 }, { item: b2, packageQuantity: 24 }] },
        { effect: 'seals', changes: [{ item: b1, act: 'affixed', seal }] },
      )
  })

  it('off a wagon clears what carried the box', () => {
    given(journey.atTurkmenbashi)
      .when(loaded({ by: turkmenbashi, act: 'unloaded', placeId: 'tm-turkmenbashi-port', loadings: [{ equipmentId: b1 }, { equipmentId: b2 }] }))
      .hasEffects({ effect: 'carriedBy', loads: [{ item: b1, unit: null }, { item: b2, unit: null }] })
  })

  it('may name a box twice', () => {
    given(journey.issued)
      .when(loaded({ loadings: [{ equipmentId: b1, packageQuantity: 24 }, { equipmentId: b1, grossMassKg: 24_000 }] }))
      .hasEffects({ effect: 'figures', figures: [{ item: b1, packageQuantity: 24 }, { item: b1, grossMassKg: 24_000 }] })
  })

  const unknown = issued({ utilizedTransportEquipment: [{ id: b1, scheme: 'iso6346', categoryCode: 'CN', characteristicCode: '22G1', fullness: '5' }, box(b2)],
    transportEquipmentQuantity: 2, packageQuantity: 48, grossMassKg: 48_000 })
  const figures = loaded({ loadings: [{ equipmentId: b1, packageQuantity: 24 }, { equipmentId: b1, grossMassKg: 24_000 }] })

  it('may say what the note left open, and carriage can be accepted', () => {
    given(unknown, figures, handedOver(offered())).when(carriageAccepted()).accepts()
  })

  it('stays known when the note is amended, which never says it', () => {
    const { note: before } = unknown.data
    const again = amended(hashOfNote(before), { ...before, noteVersion: 2, references: [{ code: 'FF', id: 'F2' }] })
    given(unknown, figures, again, handedOver(offered())).when(carriageAccepted()).accepts()
  })
})

describe('a movement', () => {
  it('tells where goods are, when and on what', () => {
    given(journey.onLeg1)
      .when(moved({ statusCode: '25', placeId: 'uz-ahangaran', time: { kind: 'estimated', at: '2026-06-03T09:00:00Z' },
        means: { typeCode: '2302', id: '1501' }, journeyId: 'T1', items: [b2, b1], reasonCode: '182', actionBy: uty }))
      .hasEffects({
        effect: 'position', items: [b2, b1], statusCode: '25', placeId: 'uz-ahangaran', kind: 'estimated', at: '2026-06-03T09:00:00Z', means: '1501',
        journeyId: 'T1',
        reasonCode: '182', actionBy: uty,
      })
  })

  it('means all items in the order of the note when it says all', () => {
    given(journey.onLeg1).when(moved()).hasEffect({ effect: 'position', items: allBoxes, statusCode: '31', placeId: 'uz-ahangaran', kind: 'actual',
      at: '2026-06-02T09:00:00Z' })
  })

  const offer = offered({ items: tendered(b1, b2) })
  const leaves = { statusCode: '24', items: [b1] } as const

  it('away on the receiver\'s means fixes an open offer', () => {
    given(journey.issued, offer).when(moved({ ...leaves, items: [b1] })).hasEffect({ effect: 'departed', offer: offer.eventId })
    given(journey.issued, offer, moved({ ...leaves, items: [b1] })).when(answered(offer)).accepts()
  })

  it('that is planned, of another, or an arrival fixes nothing', () => {
    given(journey.issued, offer, moved({ ...leaves, items: [b1], time: { kind: 'planned', at: '2026-06-02T09:00:00Z' } })).when(withdrawn(offer)).accepts()
    given(journey.issued, offer, moved({ ...leaves, items: [b1], by: forwarder })).when(withdrawn(offer)).accepts()
    given(journey.issued, offer, moved({ statusCode: '1', items: [b1] })).when(withdrawn(offer)).accepts()
    given(journey.issued, offer, moved({ ...leaves, items: [b3] })).when(withdrawn(offer)).accepts()
  })

  it('may be stated late, by whoever once had the goods', () => {
    given(journey.delivered).when(moved({ by: uty, statusCode: '24' })).accepts()
    given(journey.delivered).when(moved({ by: line, statusCode: '40', placeId: 'az-alat' })).accepts()
  })

  it('is still heard after the consignment was cancelled, though nothing is left to move', () => {
    given(journey.issued, cancelled()).when(moved({ by: forwarder }))
      .hasEffects({ effect: 'position', items: [], statusCode: '31', placeId: 'uz-ahangaran', kind: 'actual', at: '2026-06-02T09:00:00Z' })
    given(journey.issued, cancelled()).when(moved({ items: [b1] })).refuses('UNKNOWN_REFERENCE')
  })
})

describe('a fact that contradicts a hold', () => {
  const hold = held({ items: [b1, b2] })
  const second = held({ by: uzCustoms, items: [b1], occurredAt: '2026-06-02T08:00:00Z' })
  const flagged = (holds: readonly { readonly eventId: string }[], items: readonly string[]) =>
    ({ effect: 'breach', inBreachOf: holds.map(({ eventId }) => eventId).sort(), items }) as const

  it.each(['24', '27', '127', '365', '16'] as const)('is recorded and flagged: movement %s', (statusCode) => {
    given(journey.onLeg1, hold).when(moved({ statusCode })).hasEffect(flagged([hold], [b1, b2]))
  })

  it.each(['1', '31', '45', '25'] as const)('is none where nothing leaves: movement %s', (statusCode) => {
    expect(given(journey.onLeg1, hold).when(moved({ statusCode })).accepts().judgement.effects).toHaveLength(1)
  })

  it('names every hold it is in breach of', () => {
    given(journey.onLeg1, hold, second).when(moved({ statusCode: '24', items: [b2, b1] })).hasEffect(flagged([hold, second], [b2, b1]))
  })

  it('is a loading onto the means, not an unloading', () => {
    given(journey.issued, hold).when(loaded({ loadings: [{ equipmentId: b3 }, { equipmentId: b1 }, { equipmentId: b1 }] })).hasEffects(flagged([hold], [b1]))
    expect(given(journey.issued, hold).when(loaded({ act: 'unloaded', loadings: [{ equipmentId: b1 }] })).accepts().judgement.effects).toHaveLength(1)
  })

  it('is none once the goods have left that territory', () => {
    expect(given(journey.atSea, hold).when(moved({ by: line, statusCode: '24', placeId: 'tm-turkmenbashi-port' })).accepts().judgement.effects).toHaveLength(1)
  })

  it('is judged for the leg that is named', () => {
    given(journey.atSea, hold).when(moved({ by: uty, statusCode: '24', legId: 'l1' })).hasEffect(flagged([hold], [b1, b2]))
  })
})

describe('seals, declarations and remarks', () => {
  it('are recorded one by one', () => {
    given(journey.onLeg1)
      .when(sealsChanged({ changes: [{ equipmentId: b1, act: 'replaced', oldSealId: 'S1', seal },
        { equipmentId: b1, act: 'removedByAuthority', oldSealId: 'S0' }] }))
      .hasEffects({ effect: 'seals', changes: [{ item: b1, act: 'replaced', oldSealId: 'S1', seal },
        { item: b1, act: 'removedByAuthority', oldSealId: 'S0' }] })
    given(journey.issued)
      .when(declared({ items: [b1], guarantee: { code: 'ABK', id: 'G1' } }))
      .hasEffects({ effect: 'declaration', country: 'UZ', procedureTypeCode: '1', references: [{ code: 'ABE', id: 'D1' }, { code: 'ABK', id: 'G1' }],
        items: [b1] })
    given(journey.onLeg1).when(remarked({ items: [b1] })).hasEffects({ effect: 'remark', code: '30-1', items: [b1] })
  })
})

describe('an act', () => {
  const act = actDrawn({ by: alat, placeId: 'az-alat', findings: [{ itemId: b1, causes: [{ code: 'R01' }, { code: 'R02' }] },
    { itemId: b2, causes: [{ code: 'R03' }] }] })

  it('opens a discrepancy and brings its causes as reservations', () => {
    given(journey.atAlat).when(act).hasEffects(
      { effect: 'act', act: act.eventId, actTypeCode: 'COMMERCIAL-ACT', number: 'A1', drawnBy: alat, otherSide: [line], items: [b1, b2] },
      { effect: 'reservation', items: [b1], reservations: [{ code: 'R01' }, { code: 'R02' }] },
      { effect: 'reservation', items: [b2], reservations: [{ code: 'R03' }] },
    )
  })

  it('is answered by the other side, also after delivery', () => {
    given(journey.atAlat, act).when(actAnswered(act, line)).hasEffects({ effect: 'actAnswered', act: act.eventId, answer: 'accepted' })
    given(journey.delivered, act).when(actAnswered(act, consignee)).accepts()
    for (const stranger of [forwarder, tdy, uzCustoms, alat]) given(journey.atAlat, act).when(actAnswered(act, stranger)).refuses('NOT_OTHER_SIDE', '/act')
  })

  it('about goods that nobody else has had is for the issuer and the consignee to answer', () => {
    const early = actDrawn({ by: forwarder })
    given(journey.issued, early).when(actAnswered(early, consignee)).accepts()
  })

  it('may be drawn by customs and by a carrier that has no longer the goods', () => {
    for (const by of [uzCustoms, tdy]) given(journey.delivered).when(actDrawn({ by })).accepts()
  })
})

describe('a note without equipment', () => {
  it('has its goods as items', () => {
    const { utilizedTransportEquipment: _none, ...bare } = note()
    const wagonless = issued({ ...bare, utilizedTransportEquipment: [], transportEquipmentQuantity: 0,
      itemAllocations: [{ itemId: 'g1', packageQuantity: 40, grossMassKg: 40_000 }, { itemId: 'g2', packageQuantity: 56, grossMassKg: 56_000 }] })
    given(wagonless, handedOver(offered({ items: tendered('g2') }))).when(carriageAccepted({ items: ['g2'] })).accepts()
  })
})
