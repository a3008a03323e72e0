import { refusalsOfCarriage } from './refusals/carriage.js'
import { refusalsOfDecisions } from './refusals/customs.js'
import { refusalsOfFacts } from './refusals/facts.js'
import { refusalsOfHandoffs } from './refusals/handoffs.js'
import { refusalsOfNotes } from './refusals/notes.js'
import type { RefusalCase } from './refusals/refusal-case.js'
import { refusalsOfRegister } from './refusals/register.js'

/** A case for every way in which a rule refuses a statement. The tests judge them, and the matrix of the handbook is read off them. */
export const refusals: readonly RefusalCase[] = [
  ...refusalsOfRegister, ...refusalsOfNotes, ...refusalsOfCarriage, ...refusalsOfHandoffs, ...refusalsOfFacts, ...refusalsOfDecisions,
]
