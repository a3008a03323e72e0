import { judgeStatement, rules, type Judgement } from '#libs/consignment'
import { dataFaultOf, type Envelope, type StatementType } from '#libs/documents'
import { Complaint } from '../complaint.js'
import { contextOf, type RegisterReading } from './register-reading.js'

/** A statement that is signed and not yet in the log. */
export interface Drafted {
  readonly eventId: string
  readonly kid: string
  readonly type: StatementType
  readonly about: string
  readonly envelope: Envelope
}

/**
 * Judges statements on the register as read, one after the other as the log will, so that a mistyped command leaves no refused record in the log for
 * ever. Only what comes between the reading and the append can still refuse one.
 * @throws Complaint REFUSED: the first that would be refused, and why
 */
export function refuseFutile(drafted: readonly Drafted[], corridor: string, { next, subject, consumed }: RegisterReading): void {
  let state = subject
  for (const [index, { eventId, kid, type, about, envelope }] of drafted.entries()) {
    const judgement = judgeStatement(envelope, { eventId, kid, offset: next + index }, contextOf(corridor, state, consumed))
    if (judgement.verdict !== 'accepted') {
      throw new Complaint('REFUSED', `${type} of ${about} would be refused: ${reasonOf(judgement, type, envelope)}. Nothing was written.`)
    }
    state = judgement.subject
  }
}

function reasonOf({ code, refusal }: Pick<Judgement, 'code' | 'refusal'>, type: StatementType, { data }: Envelope): string {
  const fault = code === 'SCHEMA' ? dataFaultOf(type, data) : undefined
  if (fault) return `${code}, ${fault.pointer} ${fault.message}`
  if (!refusal) return String(code)
  const facts = Object.entries(refusal.facts).map(([name, value]) => `${name} ${value}`).join(', ')
  return `${code}, ${rules[refusal.code].says}${facts === '' ? '' : ` (${facts})`}`
}
