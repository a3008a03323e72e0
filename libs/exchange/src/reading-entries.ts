import type { Envelope } from '#libs/documents'
import type { Told } from '#libs/consignment'
import { openRecord } from '#libs/signature'
import type { Entry, Ledger } from './ports.js'

const page = 500

/** The statement of an entry as its signer made it: of every entry that is known to be about a subject, refused ones too. */
export function envelopeIn({ event, value }: Pick<Entry, 'event' | 'value'>): Envelope | undefined {
  if (event === undefined || event.subject === null) return undefined
  const record = openRecord(value)
  return record.ok && record.payload.ok ? (record.payload.value as Envelope) : undefined // a subject is only known once the envelope's schema has been judged
}

/** What was accepted on a subject before an offset, in the order of the log. */
export async function toldBefore(ledger: Pick<Ledger, 'entriesOf'>, subject: string, end: number): Promise<readonly Told[]> {
  const told: Told[] = []
  for (let after = -1; ; ) {
    const entries = await ledger.entriesOf(subject, after, page)
    told.push(...entries.filter(({ offset, verdict }) => offset < end && verdict === 'accepted').flatMap(toldIn))
    const last = entries.at(-1)
    if (!last || entries.length < page || last.offset >= end) return told
    after = last.offset
  }
}

export function toldOf(event: string, { subject, occurredAt, issuer: by, type, data }: Envelope, offset: number, effects: Told['effects']): Told {
  return { event, subject, offset, occurredAt, by, type, data, effects }
}

function toldIn(entry: Entry): readonly Told[] {
  const envelope = envelopeIn(entry)
  if (!entry.event || !envelope) return []
  return [toldOf(entry.event.eventId, envelope, entry.offset, JSON.parse(entry.effects) as Told['effects'])] // written by us from effects
}
