import { describe, expect, it } from '@jest/globals'
import { digestOf, faultOf, schemas, type Effect as WrittenEffect } from '#libs/documents'
import {
  actDrawn, admitted, alat, answered, b1, box, carriageAgreed, corrected, declared, emptyLog, founding, given, granted, held, issued, journey, judged,
  loaded, meansNominated, moved, offered, refusals, registered, sealsChanged, smallCorridor, toldIn, uty, uzCustoms, vouched, words, type Draft,
  type JudgedLog,
} from '#libs/testing'
import type { Effect } from './effects.js'

/** Members of each kind of effect, by the name of the effect. */
type MembersOf<E extends { readonly effect: string }> = { [Name in E['effect']]: keyof Extract<E, { readonly effect: Name }> }
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false

/** The compiler holds the schema to the code: every written effect is one of the code's, with the same names and members. */
const writtenAreOurs = (effect: WrittenEffect): Effect => effect
const haveTheSameMembers: Same<MembersOf<WrittenEffect>, MembersOf<Effect>> = true

const offer = offered()
const drawn = actDrawn({ by: alat })

describe('effects/v1', () => {
  it('is what the code has', () => {
    expect([writtenAreOurs({ effect: 'suspended', participant: uty }).effect, haveTheSameMembers]).toEqual(['suspended', true])
  })

  it('takes an empty list', () => {
    expect(faultOf('effects', [])).toBeUndefined()
  })

  it.each<[string, unknown]>([
    ['an effect without a name', [{ participant: uty }]],
    ['an unknown effect', [{ effect: 'lost', participant: uty }]],
    ['a member more', [{ effect: 'suspended', participant: uty, since: 1 }]],
    ['a member less', [{ effect: 'suspended' }]],
    ['a single effect', { effect: 'suspended', participant: uty }],
  ])('refuses %s', (_, effects) => {
    expect(faultOf('effects', effects)).toBeDefined()
  })

  const told = [
    ...refusals.map(({ given: story }) => story),
    [journey.onLeg1, carriageAgreed(), meansNominated(), declared(), granted(), sealsChanged(),
      held({ particulars: { blocks: [{ name: 'authority', digest: digestOf('risk'), readers: [uzCustoms] }] } }), moved({ statusCode: '24' })],
    [journey.issued, loaded({ loadings: [{ equipmentId: b1, carriedBy: '61234567', grossMassKg: 24_000 }] }), offer,
      answered(offer, { otherwise: 'leftBehind' })],
    [journey.atAlat, drawn, corrected(drawn, drawn.data)],
  ]

  it('takes what each statement brings, and misses no kind of effect', () => {
    const brought = new Set<string>()
    const all = (log: JudgedLog, statements: readonly Draft[]) => {
      for (const statement of statements) for (const { effect } of judged(log, statement).effects) brought.add(effect)
    }
    all(emptyLog(), [founding, admitted(uty, { roles: ['rail'], country: 'UZ' }), registered('uz-ahangaran')])
    for (const story of told) all(smallCorridor(), toldIn(story))
    const { $defs } = schemas['effects'] as { $defs: Record<string, { properties?: { effect?: { const?: string } } }> }
    const written = Object.values($defs).flatMap(({ properties }) => properties?.effect?.const ?? [])
    expect(written.length).toBeGreaterThan(30)
    expect(written.filter((name) => !brought.has(name))).toEqual([])
  })
})

describe('a short statement', () => {
  it('has no long effects: reservations about everything are told once', () => {
    const boxes = Array.from({ length: 200 }, (_, index) => box(`BOX${1_000 + index}`, { scheme: 'other', categoryCode: 'BX' }))
    const large = issued({ utilizedTransportEquipment: boxes, transportEquipmentQuantity: 200, packageQuantity: 4_800, grossMassKg: 4_800_000 })
    const { judgement } = given(large).when(vouched({ deviationReason: words, reservations: Array.from({ length: 200 }, () => ({ code: 'R02' as const })) }))
      .accepts()
    expect(JSON.stringify(judgement.effects).length).toBeLessThan(20_000)
  })
})
