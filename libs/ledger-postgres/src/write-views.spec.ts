import { describe, expect, it } from '@jest/globals'
import type { DossierChange, Term } from '#libs/exchange'
import { viewWrites } from './write-views.js'

const terms = (...values: readonly string[]): readonly Term[] => values.map((value) => ['holder', value])
const change = (before: readonly Term[], after: readonly Term[]): DossierChange => ({ subject: 's', opened: 1, lastOffset: 2, parts: [], terms: after, former: { parts: [], terms: before } })
const written = (one: DossierChange) => viewWrites({ dossiers: [one], blocks: [] }).filter(({ name }) => name.endsWith('-terms'))

describe('terms of a dossier', () => {
  it('are written as they differ, by whichever node of the process and however many others were written since', () => {
    const [uty, tdy, ady] = [terms('uty'), terms('tdy'), terms('ady')]
    const changes = [change(uty, tdy), change(tdy, uty), change(uty, ady), change(tdy, ady), change(uty, uty)]
    const alone = changes.map(({ former, terms: after }) => written(change([...(former?.terms ?? [])], [...after])))
    expect(alone.map((writes) => writes.map(({ name }) => name))).toEqual([...Array.from({ length: 4 }, () => ['drop-terms', 'add-terms']), []])
    expect(new Set(alone.map((writes) => JSON.stringify(writes))).size).toBe(5)
    for (let node = 0; node < 3; node++) expect(changes.map(written)).toEqual(alone)
    for (let other = 0; other < 100; other++) written(change(terms(String(other)), uty))
    expect(changes.map(written)).toEqual(alone)
  })
})
