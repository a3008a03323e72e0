import { canonicalJson, type BlockReference } from '#libs/documents'
import { corridorSubject, evolveDossier, foldDossier, termsOf, type Dossier, type Effect, type Told } from '#libs/consignment'
import { frontierToText } from '#libs/signature'
import { judgeBatch, type JudgedBatch, type JudgedRecord } from './judging.js'
import { prepare, type StateCache } from './preparing.js'
import { toldBefore, toldOf } from './reading-entries.js'
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
  const { rows, dossiers, failures } = await dossiersAfter(ledger, cache, cursor.next, judged)
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
  cache.applied.moved(judged.next, judged.states, dossiers)
  for (const { subject } of outcome.viewFailures) cache.applied.forgetDossier(subject)
  const viewFailures = [...failures, ...outcome.viewFailures]
  return { cursor: { next: applied.next, frontier: applied.frontier }, outcome: { ...outcome, viewFailures }, judged }
}

/**
 * Views are folded beside the judging; a view that cannot be folded is told and never holds back what has been judged. A correction has its subject
 * folded anew from everything that was accepted on it.
 */
async function dossiersAfter(
  ledger: Pick<Ledger, 'dossiers' | 'entriesOf'>, cache: StateCache, from: number, { judged, states }: JudgedBatch,
): Promise<{ readonly rows: readonly DossierRow[]; readonly dossiers: ReadonlyMap<string, Dossier>; readonly failures: readonly ViewFailure[] }> {
  const touching = new Map<string, Told[]>()
  for (const one of judged.flatMap(toldOn)) {
    const told = touching.get(one.subject)
    if (told) told.push(one)
    else touching.set(one.subject, [one])
  }
  const applied = cache.applied.asOf(from)
  const unmet = [...touching.keys()].filter((subject) => applied.dossier(subject) === undefined)
  const bodies = unmet.length > 0 ? await ledger.dossiers(unmet) : new Map<string, string>()
  const rows: DossierRow[] = []
  const dossiers = new Map<string, Dossier>()
  const failures: ViewFailure[] = []
  for (const [subject, told] of touching) {
    const state = states.get(subject)?.consignment
    const isCorrected = told.some(({ type }) => type === 'CorrectionFiled')
    const all = isCorrected ? [...(await toldBefore(ledger, subject, from)), ...told] : told
    try {
      const body = bodies.get(subject)
      const before = applied.dossier(subject) ?? (body === undefined ? undefined : (JSON.parse(body) as Dossier)) // written by us from a dossier
      const goOn = () => told.reduce((now, { effects, ...source }) => evolveDossier(now, effects, source, state), isCorrected ? undefined : before)
      const after = isCorrected && state ? foldDossier(all, state) : goOn()
      if (!after) continue
      rows.push({ subject, body: JSON.stringify(after), terms: termsOf(after), lastOffset: after.lastOffset })
      dossiers.set(subject, after)
    } catch (error) {
      failures.push({ subject, offset: told.at(-1)?.offset ?? from, message: error instanceof Error ? error.message : String(error) })
    }
  }
  return { rows, dossiers, failures }
}

function toldOn({ record, judgement: { verdict, event, effects } }: JudgedRecord): readonly Told[] {
  const envelope = verdict === 'accepted' ? event?.envelope : undefined
  return event && envelope && envelope.subject !== corridorSubject ? [toldOf(event.eventId, envelope, record.offset, effects)] : []
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

/** A grant names only the digest; what kind of block it is stands where the block was named. */
function grantedBlock(
  { digest, reader }: { readonly digest: string; readonly reader: string }, subject: string, issuer: string, rows: readonly DossierRow[],
): readonly BlockReference[] {
  const row = rows.find((one) => one.subject === subject)
  const block = row && (JSON.parse(row.body) as Dossier).blocks.find((one) => one.digest === digest)
  return [block ?? { digest, name: 'authority', readers: [issuer, reader] }]
}
