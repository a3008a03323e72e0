import type { Repository } from 'typeorm'
import { corridorSubject, evolveDossier, termsOf, type Dossier, type Register } from '#libs/consignment'
import { Replay, toldOf, type Log } from '#libs/exchange'
import { ConsignmentRow } from './rows.js'

/** Brings the database to where the measured part of the log begins, judged in memory: at its own pace it would take minutes. Answers the register. */
export async function seed(log: Log, corridor: string, steadyFrom: number, rows: Repository<ConsignmentRow>): Promise<Register> {
  const replay = new Replay(corridor)
  const dossiers = new Map<string, Dossier>()
  await readUpTo(log, steadyFrom, async (batch) => {
    await replay.apply(batch, (judged) => {
      for (const { entry: { offset }, judgement: { verdict, effects, event } } of judged) {
        const envelope = event?.envelope
        if (verdict !== 'accepted' || !envelope || envelope.subject === corridorSubject) continue
        const { subject } = envelope
        const dossier = evolveDossier(dossiers.get(subject), [toldOf(event.eventId, envelope, offset, effects)], replay.states.get(subject)?.consignment)
        if (dossier) dossiers.set(subject, dossier)
      }
    })
  })
  const register = replay.states.get(corridorSubject)?.register
  if (!register) throw new Error('the corridor has not been founded')
  for (const [subject, state] of replay.states) {
    const dossier = dossiers.get(subject)
    await rows.insert({ subject, state, dossier: dossier ?? null, terms: dossier ? termsOf(dossier).map((term) => term.join(' ')) : [] } as never) // as in JudgingService
  }
  return register
}

async function readUpTo(log: Log, end: number, apply: (batch: Parameters<Replay['apply']>[0]) => Promise<void>): Promise<void> {
  let read: () => void = () => undefined
  const whole = new Promise<void>((resolve) => (read = resolve))
  const following = await log.follow(0, {
    onAttach: () => Promise.resolve(),
    async onBatch(batch) {
      const records = batch.records.filter(({ offset }) => offset < end)
      if (records.length > 0) await apply({ ...batch, records, next: Math.min(batch.next, end) })
      if (batch.next >= end) read()
    },
  })
  await whole
  await following.stop()
}
