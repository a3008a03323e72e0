import { describe, expect, it } from '@jest/globals'
import { canonicalJson, digestOf } from '#libs/documents'
import {
  alat, allBoxes, amended, answered, b1, b2, b3, b4, box, cancelled, carriageAccepted, carriageAgreed, consignee, forwarder, given, goodsBlock, gr, handedOver,
  issued, journey,
  line, moved, movement, note, offered, registered, tdy, tendered, turkmenbashi, uty, withdrawn,
} from '#libs/testing'
import { hashOfNote } from './note.js'

const hash = hashOfNote(note())

describe('issuing a note', () => {
  it('opens the consignment with the issuer, at the start of the route', () => {
    given()
      .when(issued())
      .hasEffects(
        {
          effect: 'version', issuer: forwarder, hash, note: note(),
          territories: { 'uz-ahangaran': 'UZ', 'uz-khodjadavlet': 'UZ', 'tm-farap': 'TM', 'tm-turkmenbashi-station': 'TM', 'tm-turkmenbashi-port': 'TM',
            'az-alat': 'AZ' },
        },
        { effect: 'custody', items: allBoxes, holder: forwarder, stage: 0, by: 'issue' },
      )
      .leaves((consignment) => {
        expect(consignment).toMatchObject({ issuer: forwarder, version: { number: 1, hash }, consigneeSide: consignee, countries: ['AZ', 'TM', 'UZ'],
          territories: ['AZ', 'TM', 'UZ'] })
        expect(consignment.items.map(({ id, holder, stage }) => [id, holder, stage])).toEqual(allBoxes.map((id) => [id, forwarder, 0]))
        expect(consignment.blocks[goodsBlock.digest]).toEqual([alat, forwarder, line, tdy, turkmenbashi, uty].sort())
      })
  })

  it('is for any participant that acts as the consignor\'s agent', () => {
    for (const by of [uty, line, turkmenbashi, gr]) given().when(issued({}, { by })).accepts()
  })

  it('hashes the note in its canonical form', () => {
    expect(hash).toBe(digestOf(canonicalJson(note())))
  })

  it('counts places by their row, however many legs touch them, and reads contracts in any order', () => {
    const [c1, c2] = note().transportContracts
    given().when(issued({ transportContracts: [c2!, c1!], countriesOnRoute: ['UZ', 'AZ', 'TM'] })).accepts()
  })

  it('joins legs at one place or at two that share a UN/LOCODE', () => {
    given(registered('tm-turkmenbashi-port', { unlocode: [{ code: 'TMXXX' }] })).when(issued()).refuses('LEGS_DO_NOT_JOIN')
    given(registered('tm-turkmenbashi-port', { unlocode: [{ code: 'TMXXX' }, { code: 'TMKRW' }] })).when(issued()).accepts()
  })

  it('adds up only what every part states', () => {
    const unweighed = { ...box(b1) }
    delete unweighed.grossMassKg
    given().when(issued({ utilizedTransportEquipment: [unweighed, ...note().utilizedTransportEquipment.slice(1)] })).accepts()
  })
})

describe('amending a note', () => {
  const withoutB4 = { utilizedTransportEquipment: [b1, b2, b3].map((id) => box(id)), transportEquipmentQuantity: 3, packageQuantity: 72, grossMassKg: 72_000 }

  it('replaces the version; boxes that stay keep what happened to them', () => {
    const partly = [journey.issued, handedOver(offered({ items: tendered(b1) }))]
    given(partly)
      .when(amended(hash, withoutB4))
      .leaves(({ version, items }) => {
        expect(version).toEqual({ number: 2, hash: hashOfNote(note({ noteVersion: 2, previousNoteHash: hash, purposeCode: '5', ...withoutB4 })) })
        expect(items.map(({ id, holder, stage }) => [id, holder, stage])).toEqual([[b1, uty, 1], [b2, forwarder, 0], [b3, forwarder, 0]])
      })
  })

  it('puts new boxes into the issuer\'s hands', () => {
    const first = issued(withoutB4)
    given(first)
      .when(amended(hashOfNote(first.data.note)))
      .hasEffect({ effect: 'custody', items: [b4], holder: forwarder, stage: 0, by: 'issue' })
  })

  it('may lead over another route while everything is with the issuer', () => {
    const legs = note().mainCarriageTransportMovement
    given(journey.issued, carriageAgreed()).when(amended(hash,
      { mainCarriageTransportMovement: [movement(1, gr, 'uz-ahangaran', 'uz-khodjadavlet'), legs[1]!, legs[2]!] })).accepts()
  })

  it('follows the version before, again and again', () => {
    const second = amended(hash)
    given(journey.issued, second).when(amended(hashOfNote(second.data.note), { noteVersion: 3 })).accepts()
    given(journey.issued, second).when(amended(hash, { noteVersion: 3 })).refuses('NOTE_VERSION')
  })

  it('is possible again after an offer was withdrawn or nothing of it accepted', () => {
    const offer = offered({ items: tendered(b1) })
    given(journey.issued, offer, withdrawn(offer)).when(amended(hash, withoutB4)).accepts()
    given(journey.issued, offer, answered(offer, { otherwise: 'leftBehind' })).when(amended(hash, withoutB4)).accepts()
  })

  it('ends with the first contract that is accepted, even for one box', () => {
    given(journey.issued, handedOver(offered({ items: tendered(b1) })), carriageAccepted({ items: [b1] })).when(amended(hash)).refuses('CONTRACT_ACCEPTED')
  })
})

describe('cancelling a consignment', () => {
  it('leaves its parties, and nothing else', () => {
    given(journey.issued, carriageAgreed())
      .when(cancelled())
      .hasEffects({ effect: 'closed', reason: 'cancelled' })
      .leaves((consignment) => {
        expect(consignment).toMatchObject({ closed: true, items: [], legs: [], contracts: [], offers: {}, decisions: {}, acts: {}, blocks: {} })
        expect(consignment.drawnIn).toEqual([forwarder, consignee, uty, tdy, turkmenbashi, line, alat].sort())
      })
  })

  it('lets parties and customs of its countries speak on, and nobody else', () => {
    given(journey.issued, cancelled()).when(moved({ by: alat })).accepts()
    given(journey.issued, cancelled()).when(moved({ by: gr })).refuses('PARTY')
  })
})
