import { describe, expect, it } from '@jest/globals'
import { amended, b1, decided, gr, issued, note, offered, uty } from '#libs/testing'
import { accepted, dossierOf, evolved } from './dossier.fixture.js'
import { termsOf } from './dossier-terms.js'
import { hashOfNote } from './note.js'

describe('who sees a consignment from when on', () => {
  it('is not said of those whom the note names from its beginning', () => {
    expect(dossierOf(issued(), offered({ to: uty })).seenSince).toBeUndefined()
  })

  it('is said of a participant that was drawn in, by the first record where it was drawn in twice, however the dossier was folded', () => {
    const story = [issued(), decided('documentsWanted', { addressee: gr }), decided('documentsWanted', { addressee: gr, items: [b1] })]
    const offset = accepted(...story)[1]?.offset
    for (const dossier of [dossierOf(...story), evolved(...story)]) {
      expect(dossier?.seenSince).toEqual({ [gr]: offset })
      expect(dossier && termsOf(dossier)).toContainEqual(['since', `${gr} ${offset}`])
    }
  })

  it('is said of whom, and of which country, a later version of the note adds', () => {
    const { mainCarriageTransportMovement: legs, countriesOnRoute } = note()
    const handledBy = [{ participant: gr, end: 'departure' as const }]
    const second = amended(hashOfNote(note()), {
      mainCarriageTransportMovement: legs.map((leg, at) => (at === 2 ? { ...leg, handledBy: [...(leg.handledBy ?? []), ...handledBy], borderCrossing: ['ge-batumi'] } : leg)),
      countriesOnRoute: [...countriesOnRoute, 'GE'],
    })
    const story = [issued(), second]
    const offset = accepted(...story)[1]?.offset
    expect(dossierOf(...story).seenSince).toEqual({ [gr]: offset, GE: offset })
  })
})
