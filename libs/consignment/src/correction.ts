import { dataFaultOf, isStatementType } from '#libs/documents'
import type { Ruling } from './judgement.js'
import { effectsOfRightData } from './facts.js'
import { accepted, refused, unknownParty, isOutside, type OnConsignment } from './rule.js'

/** A wrong statement is never changed: a second one names it and gives the right data; views show the corrected truth. */
export function judgeCorrectionFiled({ data, consignment, register, subject, issuer, context }: OnConsignment<'CorrectionFiled'>): Ruling {
  const wrong = context.accepted(data.corrects)
  if (!wrong || wrong.subject !== subject || !isStatementType(wrong.type)) return refused('UNKNOWN_REFERENCE', '/corrects', { statement: data.corrects })
  if (wrong.type === 'CorrectionFiled') return refused('CORRECTION_INVALID', '/corrects', { instead: 'correct the statement itself again' })
  if (wrong.issuer !== issuer) return refused('NOT_OWN', '/corrects', { issuer: wrong.issuer })
  const fault = dataFaultOf(wrong.type, data.data)
  if (fault) return refused('CORRECTION_INVALID', `/data${fault.pointer}`, { type: wrong.type, fault: fault.message })
  const effects = effectsOfRightData(wrong.type, data.data, { consignment, register })
  return 'code' in effects ? { refusal: effects } : accepted({ effect: 'correction', corrects: data.corrects }, ...effects)
}

/** Who holds a block gives it to one more reader; the digest stays, the encryption is renewed beside the log. */
export function judgeParticularsGranted({ data, consignment, register, issuer }: OnConsignment<'ParticularsGranted'>): Ruling {
  const readers = Object.hasOwn(consignment.blocks, data.digest) ? consignment.blocks[data.digest] : undefined
  if (!readers) return refused('UNKNOWN_REFERENCE', '/digest', { digest: data.digest })
  if (!readers.includes(issuer)) return refused('NOT_READER', '/digest', { digest: data.digest })
  if (isOutside(data.reader) || unknownParty(register, data.reader, '/reader')) return refused('UNKNOWN_REFERENCE', '/reader', { participant: data.reader })
  return accepted({ effect: 'grant', digest: data.digest, reader: data.reader })
}
