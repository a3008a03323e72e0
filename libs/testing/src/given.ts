import { expect } from '@jest/globals'
import { rules, type Consignment, type Effect, type Judgement, type Register, type RuleCode } from '#libs/consignment'
import { canonicalJson, faultOf } from '#libs/documents'
import type { Draft } from './draft.js'
import type { JudgedLog } from './judged-log.js'
import { toldIn, type Story } from './journey.js'
import { smallCorridor } from './small-corridor.js'

/** What a judged statement is asked in a test. */
export interface Outcome {
  readonly judgement: Judgement
  accepts(): Outcome
  /** Refused by this rule or check, at this place of the statement where it matters. */
  refuses(code: string, pointer?: string): Outcome
  /** Accepted with exactly these effects. */
  hasEffects(...effects: readonly Effect[]): Outcome
  /** Accepted with this among its effects. */
  hasEffect(effect: Effect): Outcome
  leaves(check: (consignment: Consignment) => void): Outcome
  leavesRegister(check: (register: Register) => void): Outcome
}

/** Statements that have been made on the small corridor, each of them accepted. */
export function given(...story: readonly Story[]): { readonly log: JudgedLog; when(statement: Draft): Outcome } {
  const log = smallCorridor()
  for (const statement of toldIn(story)) {
    const { code, refusal } = judged(log, statement)
    if (code !== null) throw new Error(`given ${statement.type} by ${statement.by} is refused: ${code} ${JSON.stringify(refusal)}`)
  }
  return { log, when: (statement) => outcomeOf(log, statement) }
}

/** Judges a statement as the next record, and holds its effects and the state it leaves to what is said of them. */
export function judged(log: JudgedLog, statement: Draft): Judgement {
  const judgement = log.state(statement)
  const fault = faultOf('effects', judgement.effects)
  if (fault) throw new Error(`effects of ${statement.type} do not fit effects/v1: ${fault.pointer} ${fault.message}`)
  expect(JSON.parse(canonicalJson(judgement.subject))).toEqual(judgement.subject)
  return judgement
}

function outcomeOf(log: JudgedLog, statement: Draft): Outcome {
  const judgement = judged(log, statement)
  const verdict = { verdict: judgement.verdict, code: judgement.code }
  const outcome: Outcome = {
    judgement,
    accepts() {
      expect(verdict).toEqual({ verdict: 'accepted', code: null })
      return outcome
    },
    refuses(code, pointer) {
      expect(verdict).toEqual({ verdict: 'refused', code: isRuleCode(code) ? `RULE:${code}` : code })
      expect(judgement.effects).toEqual([])
      if (pointer !== undefined) expect(judgement.refusal?.pointer).toBe(pointer)
      return outcome
    },
    hasEffects(...effects) {
      outcome.accepts()
      expect(judgement.effects).toEqual(effects)
      return outcome
    },
    hasEffect(effect) {
      outcome.accepts()
      expect(judgement.effects).toContainEqual(effect)
      return outcome
    },
    leaves(check) {
      const { consignment } = judgement.subject
      if (!consignment) throw new Error('there is no consignment')
      check(consignment)
      return outcome
    },
    leavesRegister(check) {
      const register = log.register()
      if (!register) throw new Error('there is no register')
      check(register)
      return outcome
    },
  }
  return outcome
}

function isRuleCode(code: string): code is RuleCode {
  return Object.hasOwn(rules, code)
}
