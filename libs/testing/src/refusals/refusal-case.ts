import type { RuleCode } from '#libs/consignment'
import type { Draft } from '../draft.js'
import type { Story } from '../journey.js'

/** A statement that a rule refuses, after a story whose every statement was accepted. */
export interface RefusalCase {
  readonly code: RuleCode
  /** Completes the sentence "is refused when …". */
  readonly when: string
  readonly given: Story
  readonly states: Draft
  /** Where in the statement's data the fault lies. */
  readonly pointer?: string
}

export function refusedWhen(code: RuleCode, when: string, given: Story, states: Draft, pointer?: string): RefusalCase {
  return { code, when, given, states, ...(pointer !== undefined && { pointer }) }
}
