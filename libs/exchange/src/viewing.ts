import { setImmediate as nextTurn } from 'node:timers/promises'
import type { BlockReference } from '#libs/documents'
import { corridorSubject, dossierIn, evolveDossier, foldDossier, termsOf, type Effect, type Told } from '#libs/consignment'
import type { AppliedDossier } from './applied-rows.js'
import { partsOf } from './dossier-parts.js'
import type { JudgedBatch, JudgedRecord } from './judging.js'
import type { BlockNeed, DossierChange, Ledger, ViewFailure } from './ports.js'
import type { StateCache } from './state-cache.js'
import { toldBefore, toldOf } from './reading-entries.js'

/**
 * Dossiers folded at a stretch. One of a train of 91 boxes that a good part of a long batch is about takes some 3 ms; one with a correction is folded anew
 * from its whole history.
 */
const dossiersATurn = 8

/**
 * Views are folded beside the judging; a view that cannot be folded is told and never holds back what has been judged. A correction has its subject
 * folded anew from everything that was accepted on it.
 */
export async function dossiersAfter(
  ledger: Pick<Ledger, 'dossiers' | 'entriesOf'>, cache: StateCache, from: number, { judged, states }: JudgedBatch,
): Promise<{ readonly rows: readonly DossierChange[]; readonly dossiers: ReadonlyMap<string, AppliedDossier>; readonly failures: readonly ViewFailure[] }> {
  const touching = new Map<string, Told[]>()
  for (const one of judged.flatMap(toldOn)) {
    const told = touching.get(one.subject)
    if (told) told.push(one)
    else touching.set(one.subject, [one])
  }
  const applied = cache.applied.asOf(from)
  const unmet = [...touching.keys()].filter((subject) => applied.dossier(subject) === undefined)
  const bodies = unmet.length > 0 ? await ledger.dossiers(unmet) : new Map<string, string>()
  const rows: DossierChange[] = []
  const dossiers = new Map<string, AppliedDossier>()
  const failures: ViewFailure[] = []
  for (const [index, [subject, told]] of [...touching].entries()) {
    if (index > 0 && index % dossiersATurn === 0) await nextTurn()
    const state = states.get(subject)?.consignment
    const isCorrected = told.some(({ type }) => type === 'CorrectionFiled')
    const all = isCorrected ? [...(await toldBefore(ledger, subject, from)), ...told] : told
    try {
      const body = bodies.get(subject)
      const former = applied.dossier(subject)
      const before = former?.dossier ?? (body === undefined ? undefined : dossierIn(body))
      const goOn = () => evolveDossier(isCorrected ? undefined : before, told, state)
      const after = isCorrected && state ? foldDossier(all, state) : goOn()
      if (!after) continue
      const [parts, terms] = [partsOf(after), termsOf(after)]
      const standing = former ?? (body === undefined ? { parts: [], terms: [] } : undefined)
      rows.push({ subject, parts, terms, opened: after.opened.offset, lastOffset: after.lastOffset, ...(standing && { former: standing }) })
      dossiers.set(subject, { dossier: after, parts, terms })
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
export function blocksNeeded(participant: string, { judgement }: JudgedRecord, dossiers: ReadonlyMap<string, AppliedDossier>): readonly BlockNeed[] {
  const envelope = judgement.event?.envelope
  if (!envelope) return []
  const { subject, issuer } = envelope
  const need = ({ digest, name, readers, for: carrier }: BlockReference): BlockNeed => ({ digest, subject, name, for: carrier ?? null, issuer, readers })
  return judgement.effects.flatMap((effect): BlockNeed[] => {
    if (effect.effect === 'grant') return effect.reader === participant ? grantedBlock(effect, issuer, dossiers.get(subject)).map(need) : []
    return blocksNamed(effect).filter(({ readers }) => readers.includes(participant)).map(need)
  })
}

function blocksNamed(effect: Effect): readonly BlockReference[] {
  if (effect.effect === 'version') return effect.note.particulars.blocks
  return effect.effect === 'blocks' ? effect.blocks : []
}

/** A grant names only the digest; what kind of block it is stands where the block was named. */
function grantedBlock({ digest, reader }: { readonly digest: string; readonly reader: string }, issuer: string, folded: AppliedDossier | undefined): readonly BlockReference[] {
  return [folded?.dossier.blocks.find((one) => one.digest === digest) ?? { digest, name: 'authority', readers: [issuer, reader] }]
}
