import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { canonicalJson, faultOf } from '#libs/documents'
import {
  consignmentId, forwarder, given, happen, issued, journey, kidOf, mayHappen, modelOf, note, participants, randomStatement, routes, smallCorridor, toldIn,
  verdictCodes, type Choose,
  type Draft, type JudgedLog, type Model,
} from '#libs/testing'
import type { Inspection } from './inspection.js'
import { kinds } from './roles.js'
import type { Judgement } from './judgement.js'

/** What holds of every judgement, whatever was judged. */
function expectLawful(judgement: Judgement) {
  const { verdict, code, effects, subject } = judgement
  if (verdict === 'refused') expect(verdictCodes).toContain(code)
  else expect(code).toBeNull()
  if (verdict !== 'accepted') expect(effects).toEqual([])
  expect(faultOf('effects', effects)).toBeUndefined()
  expect(JSON.parse(canonicalJson(subject))).toEqual(subject)
}

describe('the judge is total', () => {
  const statements = toldIn(journey.delivered)
  const { log } = given(journey.atSea)
  const kids = fc.constantFrom(...[...new Set(statements.map(({ kid }) => kid)), kidOf('nobody'), '__proto__', 'constructor', ''])
  const typs = fc.constantFrom('karvan-event+jws', 'karvan-register+jws', 'karvan-founding+jws', '__proto__', '')
  const keys = fc.oneof(fc.constantFrom(null, Buffer.from(consignmentId), Buffer.from('corridor')), fc.uint8Array({ maxLength: 40 }))
  const hostile = fc.oneof(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom('__proto__', 'constructor', 'all', -0, 2 ** 53 - 1, '', null, []))
  const inspections = (payload: fc.Arbitrary<unknown>): fc.Arbitrary<Inspection> => fc.oneof(
    fc.record({ ok: fc.constant(false as const), code: fc.constantFrom('SIZE' as const, 'FORM' as const, 'HEADER' as const) }),
    fc.record({
      ok: fc.constant(true as const), kid: kids, typ: typs, eventId: fc.constantFrom(...statements.map(({ eventId }) => eventId), kidOf('an event')),
      signed: fc.boolean(),
      payload: fc.oneof(
        { arbitrary: fc.record({ ok: fc.constant(true as const), value: payload }), weight: 9 },
        { arbitrary: fc.record({ ok: fc.constant(false as const), code: fc.constantFrom('UTF8' as const, 'DEPTH' as const, 'CANONICAL' as const) }),
          weight: 1 },
      ),
    }),
  )

  it('over anything a record may carry', () => {
    fc.assert(fc.property(keys, inspections(hostile), (key, inspection) => expectLawful(log.fork().append(key, inspection))), { numRuns: 500 })
  })

  const envelopes = fc.record({
    v: fc.constant(1), corridor: fc.constantFrom(log.corridor, 'A'.repeat(43)),
    subject: fc.constantFrom(consignmentId, 'corridor', '01970000-0000-7000-8000-000000000002'),
    type: fc.constantFrom(...Object.keys(kinds), 'GoodsLost'), issuer: fc.constantFrom(...new Set(statements.map(({ by }) => by)), 'constructor'),
    sequence: fc.integer({ min: 1, max: 4 }), previous: fc.constantFrom(...statements.map(({ eventId }) => eventId)),
    occurredAt: fc.constant('2026-06-01T08:00:00Z'),
    data: fc.oneof(fc.constantFrom(...statements.map(({ data }) => data)), fc.dictionary(fc.string({ maxLength: 8 }), hostile)),
  }, { requiredKeys: ['v', 'corridor', 'subject', 'type', 'issuer', 'sequence', 'occurredAt', 'data'] })

  it('over envelopes that nearly fit', () => {
    fc.assert(fc.property(keys, inspections(envelopes), (key, inspection) => expectLawful(log.fork().append(key, inspection))), { numRuns: 500 })
  })

  const places = (value: unknown, path: readonly string[] = []): readonly (readonly string[])[] =>
    [path, ...(typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([name, member]) => places(member, [...path, name])) : [])]
  const replaced = (value: unknown, [name, ...rest]: readonly string[], by: unknown): unknown => {
    if (name === undefined) return by
    if (Array.isArray(value)) return value.map((member, index) => (String(index) === name ? replaced(member, rest, by) : member))
    return { ...(value as object), [name]: replaced((value as Record<string, unknown>)[name], rest, by) }
  }
  const bent = fc.constantFrom(...statements).chain((statement) =>
    fc.tuple(fc.constantFrom(...places(statement.data)), hostile)
      .map(([place, by]): Draft => ({ ...statement, data: replaced(statement.data, place, by) as Draft['data'] })))

  it('over lawful statements with one thing in them bent', () => {
    fc.assert(fc.property(bent, fc.nat(statements.length - 1), (statement, from) => {
      const before = smallCorridor()
      for (const one of statements.slice(0, from)) before.state(one)
      expectLawful(before.state(statement))
    }), { numRuns: 300 })
  })
})

describe('whatever anybody states on a few consignments', () => {
  const subjects = ['01970000-0000-7000-8000-000000000001', '01970000-0000-7000-8000-000000000002', '01970000-0000-7000-8000-000000000003']
  const plays = fc.record({ routes: fc.array(fc.nat(routes.length - 1), { minLength: 1, maxLength: 3 }),
    choices: fc.array(fc.nat(0xffff), { minLength: 300, maxLength: 900 }) })

  /** A play shrinks to no shorter story, for each choice gives the later ones another meaning; its seed tells it again. */
  const unshrunk = { endOnFailure: true } as const
  /** Milliseconds a property may take on a machine that is busy with other tests. */
  const patiently = 180_000

  interface Step {
    readonly statement: Draft
    readonly model: Model
    readonly log: JudgedLog
  }

  /** Opens the consignments and plays statements on them until the choices are used up; `judge` decides what becomes of each. */
  function play({ routes: chosen, choices }: { readonly routes: readonly number[]; readonly choices: readonly number[] },
    step: (step: Step) => void): JudgedLog {
    const log = smallCorridor()
    const models = chosen.map((route) => modelOf(note(routes[route]), forwarder))
    for (const [index, route] of chosen.entries()) expect(log.state(issued(routes[route], { subject: subjects[index] })).code).toBeNull()
    let used = 0
    const choose: Choose = (below) => (choices[used++ % choices.length] ?? 0) % below
    for (let ordinal = 1; used < choices.length; ordinal++) {
      const index = choose(models.length)
      const model = models[index]!
      step({ statement: randomStatement(choose, model, subjects[index]!, ordinal), model, log })
    }
    return log
  }

  const itemsOf = (log: JudgedLog, subject: string) => log.stateOf(subject).consignment?.items ?? []
  const whereabouts = (stage: number, legs: number) => (stage === 2 * legs + 1 ? 'delivered' : stage % 2 === 0 ? { at: stage / 2 } : { on: (stage + 1) / 2 })

  it('the judge decides as the page of the statements says', () => {
    fc.assert(fc.property(plays, (told) => {
      play(told, ({ statement, model, log }) => {
        const expected = mayHappen(model, statement, participants)
        const { verdict, code, refusal } = log.state(statement)
        if ((verdict === 'accepted') !== expected) {
          throw new Error(`${expected ? 'lawful' : 'unlawful'}, but ${code ?? verdict} ${JSON.stringify(refusal)}: ${JSON.stringify(statement)}`)
        }
        if (expected) happen(model, statement, participants)
        const { consignment } = log.stateOf(statement.subject)
        expect(consignment?.items.map(({ id, holder, stage, heldFor, offer }) =>
          ({ id, holder, where: whereabouts(stage, model.route.length), for: heldFor, offered: offer })))
          .toEqual([...model.items].map(([id, { holder, where, for: carrier, offered }]) => ({ id, holder, where, for: carrier, offered })))
      })
    }), { ...unshrunk, numRuns: 120 })
  }, patiently)

  it('each item has one holder, who changes only by the receiver\'s answer or a vouched handoff', () => {
    fc.assert(fc.property(plays, (told) => {
      play(told, ({ statement, log, model }) => {
        const before = itemsOf(log, statement.subject)
        const { verdict } = log.state(statement)
        if (verdict === 'accepted') happen(model, statement, participants)
        const after = itemsOf(log, statement.subject)
        expect(new Set(after.map(({ id }) => id)).size).toBe(after.length)
        const changed = after.filter(({ id, holder }) => before.find((item) => item.id === id)?.holder !== holder)
        if (changed.length === 0) return
        expect(['HandoffAnswered', 'HandoffVouched']).toContain(statement.type)
        if (statement.type === 'HandoffAnswered') expect(changed.every(({ holder }) => holder === statement.by)).toBe(true)
      })
    }), { ...unshrunk, numRuns: 50 })
  }, patiently)

  it('no held item leaves the territory, or is brought where it must not be loaded for, but as the decision permits', () => {
    fc.assert(fc.property(plays, (told) => {
      play(told, ({ statement, log, model }) => {
        const before = log.stateOf(statement.subject).consignment
        const { verdict, effects } = log.state(statement)
        if (verdict === 'accepted') happen(model, statement, participants)
        for (const effect of effects) {
          if (effect.effect !== 'custody' || !before) continue
          const { legs, decisions } = before
          const leg = effect.stage % 2 === 1 ? legs[(effect.stage - 1) / 2] : undefined
          const holds = Object.values(decisions).flatMap(({ hold }) => (hold?.items.some((id) => effect.items.includes(id)) ? [hold] : []))
          const moved = effect.items.filter((id) => before.items.find((item) => item.id === id)?.stage !== effect.stage)
          for (const hold of holds.filter(({ permittedMoves }) => permittedMoves.every(({ to }) => to !== effect.holder))) {
            if (!moved.some((id) => hold.items.includes(id))) continue
            if (leg) expect([leg.from.territory === hold.territory, leg.to.territory !== hold.territory]).not.toEqual([true, true])
            if (leg && hold.doNotLoad) expect([leg.from.territory !== hold.territory, leg.to.territory === hold.territory]).not.toEqual([true, true])
            if (effect.stage === 2 * legs.length + 1) expect(legs.at(-1)?.to.territory).not.toBe(hold.territory)
          }
        }
      })
    }), { ...unshrunk, numRuns: 50 })
  }, patiently)

  it('a fact is refused only for who states it', () => {
    fc.assert(fc.property(plays, (told) => {
      play(told, ({ statement, log, model }) => {
        const { verdict, code } = log.state(statement)
        if (verdict === 'accepted') happen(model, statement, participants)
        if (kinds[statement.type] === 'fact') expect([null, 'PARTY', 'RULE:ROLE']).toContain(code)
      })
    }), { ...unshrunk, numRuns: 50 })
  }, patiently)

  it('reading the state back from its text changes nothing', () => {
    fc.assert(fc.property(plays, fc.nat(100), (told, cut) => {
      let other = smallCorridor()
      const atOnce: Judgement[] = []
      const inParts: Judgement[] = []
      for (const [index, route] of told.routes.entries()) other.state(issued(routes[route], { subject: subjects[index] }))
      const log = play(told, ({ statement, log: whole, model }) => {
        if (atOnce.length === cut) other = other.fork((state) => JSON.parse(canonicalJson(state)))
        const judgement = whole.state(statement)
        atOnce.push(judgement)
        inParts.push(other.state(statement))
        if (judgement.verdict === 'accepted') happen(model, statement, participants)
      })
      expect(inParts).toEqual(atOnce)
      for (const subject of log.subjects()) expect(canonicalJson(other.stateOf(subject))).toBe(canonicalJson(log.stateOf(subject)))
    }), { ...unshrunk, numRuns: 50 })
  }, patiently)
})
