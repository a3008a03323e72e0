import { describe, expect, it } from '@jest/globals'
import type { FeedRange, Term } from '#libs/exchange'
import type { ContractParts } from './ledger-contract.js'
import { batch, dossier, elsewhere, entry, rowOf, garbage, subject } from './ledger-samples.js'

export function readingContract({ ledger }: ContractParts): void {
  describe('reading', () => {
    it('gives of several records of one statement the one that consumed its number, else the newest', async () => {
      await ledger().apply(
        batch([
          entry(0, { eventId: 'late', code: 'EARLY' }),
          entry(1, { eventId: 'late', consumes: 1 }),
          entry(2, { eventId: 'late', verdict: 'duplicate' }),
          entry(3, { eventId: 'never', code: 'EARLY' }),
          entry(4, { eventId: 'never', code: 'EARLY' }),
        ]),
      )
      expect(await ledger().entry('late')).toMatchObject({ offset: 1, verdict: 'accepted' })
      expect(await ledger().entry('never')).toMatchObject({ offset: 4 })
      expect(await ledger().entry('unknown')).toBeUndefined()
    })

    it('pages through the entries on a subject, oldest first', async () => {
      await ledger().apply(batch([entry(0), entry(1, { subject: elsewhere }), entry(2), entry(3, { code: 'RULE:NOT_HOLDER', consumes: 3 }), entry(4)]))
      expect((await ledger().entriesOf(subject, -1, 2)).map(({ offset }) => offset)).toEqual([0, 2])
      expect((await ledger().entriesOf(subject, 2, 2)).map(({ offset }) => offset)).toEqual([3, 4])
      expect(await ledger().entriesOf(subject, 4, 2)).toEqual([])
    })

    it('feeds the entries on subjects that have one of the terms, refused ones too, page by page and without those on other subjects or none', async () => {
      const [rail, country]: readonly Term[] = [['party', 'ktz'], ['route', 'KZ']]
      if (!rail || !country) return
      await ledger().apply(batch(
        [entry(0), entry(1, { subject: elsewhere }), garbage(2, { value: null }), entry(3, { code: 'RULE:NOT_HOLDER', consumes: 3 }), entry(4, { subject: 'corridor' }), entry(5, { subject: elsewhere })],
        { dossiers: [dossier(subject, 3, [rail, ['party', 'uty']], 0), dossier(elsewhere, 5, [country, ['party', 'uty']], 1)] },
      ))
      const offsets = async (seenBy: readonly Term[], after: number, told: Partial<FeedRange> = {}) => (await ledger().feed(seenBy, { after, before: 6, limit: 9, ...told })).map(({ offset }) => offset)
      expect(await offsets([rail], -1)).toEqual([0, 3])
      expect(await offsets([rail, country], -1, { limit: 3 })).toEqual([0, 1, 3])
      expect(await offsets([rail, country], 1)).toEqual([3, 5])
      expect(await offsets([rail, country], 1, { before: 5 })).toEqual([3])
      expect(await offsets([rail, country], -1, { subject: elsewhere })).toEqual([1, 5])
      expect(await offsets([['party', 'nobody']], -1)).toEqual([])
      expect(await offsets([], -1)).toEqual([])
      const { offset, appendTime, verdict, code, effects, event } = entry(3, { code: 'RULE:NOT_HOLDER', consumes: 3 })
      expect((await ledger().feed([rail], { after: 0, before: 6, limit: 9 }))).toEqual([{ offset, appendTime, verdict, code, effects, event }])
    })

    it('feeds what has become visible only from that record on, each seer by their own', async () => {
      const since: readonly Term[] = [['party', 'ktz'], ['party', 'uty'], ['route', 'KZ'], ['since', 'ktz 2'], ['since', 'KZ 1']]
      await ledger().apply(batch([0, 1, 2, 3].map((offset) => entry(offset)), { dossiers: [dossier(subject, 3, since, 0)] }))
      const offsets = async (...seenBy: readonly Term[]) => (await ledger().feed(seenBy, { after: -1, before: 4, limit: 9 })).map(({ offset }) => offset)
      expect(await offsets(['party', 'uty'])).toEqual([0, 1, 2, 3])
      expect(await offsets(['party', 'ktz'])).toEqual([2, 3])
      expect(await offsets(['party', 'ktz'], ['route', 'KZ'])).toEqual([1, 2, 3])
    })

    it('feeds what has to do with a place, ship or train from the record on that first names it, where that is asked, all of what is asked together', async () => {
      const rail: Term = ['party', 'ktz']
      const there: readonly Term[] = [rail, ['placeSince', '0 kz-aktau'], ['placeSince', '10 az-alat'], ['meansSince', '3 MV BALKAN'], ['meansSince', '3 az-alat']]
      const second: readonly Term[] = [rail, ['placeSince', '1 kz-aktau'], ['meansSince', '4 MV BALKAN']]
      const offsetsOf = [0, 2, 3, 10, 11]
      await ledger().apply(batch([...offsetsOf.map((offset) => entry(offset)), ...[1, 4, 12].map((offset) => entry(offset, { subject: elsewhere }))].sort((a, b) => a.offset - b.offset), {
        dossiers: [dossier(subject, 11, there, 0), dossier(elsewhere, 12, second, 1)],
      }))
      const offsets = async (filter: Partial<FeedRange>, seenBy: Term = rail) => (await ledger().feed([seenBy], { after: -1, before: 13, limit: 9, ...filter })).map(({ offset }) => offset)
      expect(await offsets({ place: 'kz-aktau' })).toEqual([0, 1, 2, 3, 4, 10, 11, 12])
      expect(await offsets({ place: 'az-alat' })).toEqual([10, 11])
      expect(await offsets({ means: 'MV BALKAN' })).toEqual([3, 4, 10, 11, 12])
      expect(await offsets({ means: 'BALKAN' })).toEqual([])
      expect(await offsets({ means: 'MV BALKAN', after: 3, limit: 2 })).toEqual([4, 10])
      expect(await offsets({ means: 'MV BALKAN', place: 'kz-aktau', subject: elsewhere })).toEqual([4, 12])
      expect(await offsets({ means: 'MV BALKAN', place: 'az-alat' })).toEqual([10, 11])
      expect(await offsets({ place: 'kz-aktau' }, ['party', 'uty'])).toEqual([])
    })

    it('finds the kept tree heads by size, below a size and behind an offset', async () => {
      const head = (size: number) => ({ size, root: `root of ${size}`, frontier: `frontier of ${size}` })
      await ledger().apply(batch([entry(0)], { next: 2_000, heads: [head(1_000), head(2_000), head(2_000)] }))
      await ledger().apply(batch([entry(2_000)], { heads: [head(2_001)] }))
      expect(await ledger().headAt(2_000)).toEqual(head(2_000))
      expect(await ledger().headAt(1_999)).toBeUndefined()
      expect([await ledger().headAfter(0), await ledger().headAfter(999), await ledger().headAfter(1_000)]).toEqual([head(1_000), head(1_000), head(2_000)])
      expect(await ledger().headAfter(2_001)).toBeUndefined()
      expect([await ledger().headBelow(999), await ledger().headBelow(1_000), await ledger().headBelow(5_000)]).toEqual([undefined, head(1_000), head(2_001)])
    })

    it('searches dossiers that have every term, those opened last first, page by page', async () => {
      const [rail, train, container]: readonly Term[] = [['party', 'ktz'], ['train', '1404'], ['equipment', 'CSQU3054383']]
      if (!rail || !train || !container) return
      const rows = Array.from({ length: 7 }, (_, at) => dossier(`${subject}-${at}`, at, at % 2 === 0 ? [rail, train] : [rail]))
      await ledger().apply(batch([entry(0)], { next: 7, dossiers: [...rows, dossier(elsewhere, 6.0, [container])].slice(0, 7) }))
      const offsets = async (terms: readonly Term[], before: number | undefined, limit: number) => (await ledger().search(terms, before, limit)).map(({ opened }) => opened)
      expect(await offsets([rail], undefined, 3)).toEqual([6, 5, 4])
      expect(await offsets([rail], 4, 3)).toEqual([3, 2, 1])
      expect(await offsets([rail, train], undefined, 3)).toEqual([6, 4, 2])
      expect(await offsets([train, rail, train], 2, 3)).toEqual([0])
      expect(await offsets([], 6, 2)).toEqual([5, 4])
      expect(await offsets([rail, container], undefined, 3)).toEqual([])
      expect(await ledger().search([rail], 1, 9)).toEqual(rows.slice(0, 1).map(rowOf))
    })

    it.each([true, false])('searches by what a dossier is now, told what it was: %s; a touch leaves it at its place, a term that has gone finds it no more', async (told) => {
      const [old, stays, added]: readonly Term[] = [['train', '1404'], ['equipment', 'CSQU3054383'], ['equipment', 'TLLU4567891']]
      if (!old || !stays || !added) return
      await ledger().apply(batch([entry(0), entry(1)], { dossiers: [dossier(subject, 0, [stays, old, stays], 0, ['{"id":"a"}', '{"id":"b"}', '{"id":"c"}']), dossier(elsewhere, 1, [stays])] }))
      const former = dossier(subject, 0, [stays, old, stays], 0, ['{"id":"a"}', '{"id":"b"}', '{"id":"c"}'])
      const touched = dossier(subject, 2, [stays, added], 0, ['{"id":"a"}', '{"id":"B"}'])
      await ledger().apply(batch([entry(2)], { dossiers: [told ? { ...touched, former } : touched] }))
      expect(await ledger().search([old], undefined, 9)).toEqual([])
      expect(await ledger().search([stays], undefined, 9)).toEqual([rowOf(dossier(elsewhere, 1, [stays])), rowOf(touched)])
      expect(await ledger().search([added], undefined, 9)).toEqual([rowOf(touched)])
      expect(await ledger().dossiers([subject])).toEqual(new Map([[subject, rowOf(touched).body]]))
    })
  })
}
