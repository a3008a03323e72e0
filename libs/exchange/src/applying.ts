import { canonicalJson, type BlockReference } from '#libs/documents'
import { corridorSubject, evolveDossier, termsOf, type Dossier, type Effect } from '#libs/consignment'
import { frontierToText } from '#libs/signature'
import { judgeBatch, type JudgedBatch, type JudgedRecord } from './judging.js'
import { prepare, type StateCache } from './preparing.js'
import type { AppliedBatch, ApplyOutcome, BlockNeed, Cursor, DossierRow, Ledger, LogBatch, ViewFailure } from './ports.js'

export interface ApplyingNode {
  /** Event id of the founding statement. */
  readonly corridor: string
  readonly participant: string
  readonly ownKids: readonly string[]
}

export interface AppliedNews {
  readonly cursor: Cursor
  readonly outcome: ApplyOutcome
  readonly judged: JudgedBatch
}

/**
 * Log record bytes → verdicts → one transaction (architecture 2). The batch begins at the cursor; records before it, delivered again, are passed over.
 * Throws what the ledger throws; then nothing has changed and the same batch may come again.
 */
export async function applyBatch(node: ApplyingNode, ledger: Ledger, cache: StateCache, cursor: Cursor, delivered: LogBatch): Promise<AppliedNews> {
  const batch = { ...delivered, records: delivered.records.filter(({ offset }) => offset >= cursor.next) }
  const { inspections, known } = await prepare(node.corridor, cursor, batch, ledger, cache)
  const judged = judgeBatch(cursor.next, batch, inspections, known)
  const states = [...judged.states].map(([subject, state]) => ({ subject, text: canonicalJson(state), state }))
  const { rows, failures } = await dossiersAfter(ledger, judged.judged)
  const applied: AppliedBatch = {
    from: cursor.next,
    next: judged.next,
    frontier: frontierToText(judged.frontier),
    entries: judged.judged.map(({ entry }) => entry),
    holes: judged.holes,
    heads: judged.heads,
    states: states.map(({ subject, text }) => ({ subject, text })),
    dossiers: rows,
    viewFailures: failures,
    blocks: judged.judged.flatMap((one) => blocksNeeded(node.participant, one, rows)),
    ownKids: node.ownKids,
  }
  const outcome = await ledger.apply(applied)
  for (const { subject, text, state } of states) cache.keep(subject, text, state)
  const viewFailures = [...failures, ...outcome.viewFailures]
  return { cursor: { next: applied.next, frontier: applied.frontier }, outcome: { ...outcome, viewFailures }, judged }
}

/** Views are folded beside the judging; a view that cannot be folded is told and never holds back what has been judged. */
async function dossiersAfter(ledger: Pick<Ledger, 'dossiers'>, judged: readonly JudgedRecord[]): Promise<{ readonly rows: readonly DossierRow[]; readonly failures: readonly ViewFailure[] }> {
  const touching = judged.filter(({ judgement }) => judgement.verdict === 'accepted' && judgement.event?.envelope && judgement.event.envelope.subject !== corridorSubject)
  const subjects = [...new Set(touching.map(({ judgement }) => judgement.event?.envelope?.subject ?? ''))]
  const bodies = subjects.length > 0 ? await ledger.dossiers(subjects) : new Map<string, string>()
  const dossiers = new Map<string, Dossier>()
  const failures: ViewFailure[] = []
  for (const { record, judgement } of touching) {
    const event = judgement.event
    const envelope = event?.envelope
    if (!envelope) continue
    const { subject, occurredAt } = envelope
    try {
      const body = bodies.get(subject)
      const before = dossiers.get(subject) ?? (body === undefined ? undefined : (JSON.parse(body) as Dossier)) // written by us from a dossier
      const after = evolveDossier(before, judgement.effects, { event: event.eventId, subject, offset: record.offset, occurredAt }, judgement.subject.consignment)
      if (after) dossiers.set(subject, after)
    } catch (error) {
      failures.push({ subject, offset: record.offset, message: error instanceof Error ? error.message : String(error) })
    }
  }
  return { rows: [...dossiers.values()].map((dossier) => ({ subject: dossier.subject, body: JSON.stringify(dossier), terms: termsOf(dossier), lastOffset: dossier.lastOffset })), failures }
}

/** The blocks that an accepted statement names this node as reader of. */
function blocksNeeded(participant: string, { judgement }: JudgedRecord, rows: readonly DossierRow[]): readonly BlockNeed[] {
  const envelope = judgement.event?.envelope
  if (!envelope) return []
  const { subject, issuer } = envelope
  const need = ({ digest, name, readers, for: carrier }: BlockReference): BlockNeed => ({ digest, subject, name, for: carrier ?? null, issuer, readers })
  return judgement.effects.flatMap((effect): BlockNeed[] => {
    if (effect.effect === 'grant') return effect.reader === participant ? grantedBlock(effect, subject, issuer, rows).map(need) : []
    return blocksNamed(effect).filter(({ readers }) => readers.includes(participant)).map(need)
  })
}

function blocksNamed(effect: Effect): readonly BlockReference[] {
  if (effect.effect === 'version') return effect.note.particulars.blocks
  return effect.effect === 'blocks' ? effect.blocks : []
}

/** A grant names only the digest; what kind of block it is stands in the note. A block of a decision keeps no name here. */
function grantedBlock({ digest, reader }: { readonly digest: string; readonly reader: string }, subject: string, issuer: string, rows: readonly DossierRow[]): readonly BlockReference[] {
  const row = rows.find((one) => one.subject === subject)
  const block = row && (JSON.parse(row.body) as Dossier).note.particulars.blocks.find((one) => one.digest === digest)
  return [block ? { ...block, readers: [...block.readers, reader] } : { digest, name: 'authority', readers: [issuer, reader] }]
}
