import { describe, expect, it } from '@jest/globals'
import { digestOf } from '#libs/documents'
import {
  admitted, allBoxes, b1, b2, b3, b4, box, carriageAccepted, carriageAgreed, forwarder, given, handedOver, haulier, issued, journey, legs, line,
  meansNominated, note, offered,
  tdy, tendered, turkmenbashi, uty,
} from '#libs/testing'

describe('agreeing to carry', () => {
  it('is for the carrier of each leg, and for the contractual carrier of all of them', () => {
    given(journey.issued).when(carriageAgreed()).hasEffects({ effect: 'agreed', contractId: 'c1', legIds: ['l1'], carrier: uty })
    given(journey.issued).when(carriageAgreed({ by: tdy, legIds: ['l2'] })).accepts()
    given(journey.issued).when(carriageAgreed({ legIds: ['l1', 'l2'] })).accepts()
  })

  it('is no contract: the note can still be cancelled and moves nothing', () => {
    given(journey.issued).when(carriageAgreed()).leaves(({ contracts, items }) => {
      expect(contracts.every(({ accepted }) => !accepted)).toBe(true)
      expect(items.every(({ holder, stage }) => holder === forwarder && stage === 0)).toBe(true)
    })
  })
})

describe('nominating a means', () => {
  it('says what goes on it and what stays', () => {
    given(journey.issued)
      .when(meansNominated({ items: [b1, b2], notNominated: [{ items: [b3, b4], reason: 'deadweight' }] }))
      .hasEffects({ effect: 'means', legId: 'l3', typeCode: '1511', id: '9123456', journeyId: 'V1', items: [b1, b2] })
  })

  it('is for the carrier of the leg, also where that is an agent', () => {
    const agent = admitted(forwarder, { roles: ['forwarder'], capacities: ['agent'], country: 'UZ' })
    const own = issued({ mainCarriageTransportMovement: note().mainCarriageTransportMovement.map((one) =>
      (one.legId === 'l3' ? { ...one, carrier: forwarder } : one)) })
    given(agent, own).when(meansNominated({ by: forwarder })).accepts()
    given(own).when(meansNominated({ by: forwarder })).refuses('ROLE')
  })
})

describe('accepting carriage', () => {
  const withUty = [issued(), handedOver(offered())]

  it('follows custody and numbers the contract', () => {
    given(withUty)
      .when(carriageAccepted())
      .hasEffects({ effect: 'contract', contractId: 'c1', items: allBoxes, carrierAssignedId: '72300901', acceptedAt: '2026-06-02T08:00:00Z',
        placeId: 'uz-ahangaran' })
      .leaves(({ contracts, items }) => {
        expect(contracts).toEqual([{ contractId: 'c1', carrier: uty, accepted: true }, { contractId: 'c2', carrier: line, accepted: false }])
        expect(items.map(({ contracts: accepted }) => accepted)).toEqual([['c1'], ['c1'], ['c1'], ['c1']])
      })
  })

  it('comes in parts where there are two voyages', () => {
    const firstVoyage = [
      journey.atTurkmenbashi, handedOver(offered({ by: turkmenbashi, to: line, into: legs.l3, items: tendered(b1, b2) })),
      carriageAccepted({ by: line, contractId: 'c2', carrierAssignedId: 'SWB1', items: [b1, b2] }),
    ]
    const secondWaybill = carriageAccepted({ by: line, contractId: 'c2', carrierAssignedId: 'SWB2', items: [b3, b4] })
    given(firstVoyage).when(secondWaybill).refuses('NOT_IN_CARRIERS_HANDS')
    given(firstVoyage, handedOver(offered({ by: turkmenbashi, to: line, into: legs.l3, items: tendered(b3, b4) })))
      .when(secondWaybill)
      .leaves(({ items }) => expect(items.every(({ contracts }) => contracts.includes('c1') && contracts.includes('c2'))).toBe(true))
  })

  it('is for goods with any carrier of the contract', () => {
    given(withUty, handedOver(offered({ by: uty, to: tdy, into: legs.l2 }))).when(carriageAccepted()).accepts()
  })

  it('is recorded for a contractual carrier without a node by a carrier of its legs, with the hash of the paper', () => {
    const outside = issued({ transportContracts: note().transportContracts.map((one) =>
      (one.contractId === 'c1' ? { ...one, contractualCarrier: haulier } : one)) })
    given(outside, handedOver(offered())).when(carriageAccepted({ documentHash: digestOf('the paper') })).accepts()
    given(outside, handedOver(offered())).when(carriageAccepted()).refuses('NOT_CONTRACTUAL_CARRIER')
    given(outside, handedOver(offered())).when(carriageAccepted({ by: line, documentHash: digestOf('the paper') })).refuses('NOT_CONTRACTUAL_CARRIER')
    given(withUty).when(carriageAccepted({ by: tdy, documentHash: digestOf('the paper') })).refuses('NOT_CONTRACTUAL_CARRIER')
  })

  it('asks nothing of an empty box, and no size of a wagon', () => {
    const empty = { ...box(b1, { fullness: '4' }) }
    delete empty.packageQuantity
    delete empty.grossMassKg
    given(issued({ utilizedTransportEquipment: [empty, ...note().utilizedTransportEquipment.slice(1)] }), handedOver(offered())).when(carriageAccepted())
      .accepts()
    const wagon = { id: '61234563', scheme: 'other', categoryCode: 'RR', fullness: '5', packageQuantity: 96, grossMassKg: 96_000 } as const
    given(issued({ utilizedTransportEquipment: [wagon], transportEquipmentQuantity: 1 }), handedOver(offered())).when(carriageAccepted()).accepts()
  })
})
