import type { Dossier } from '#libs/consignment'
import type { BodyError, CallBodies } from '#libs/documents'
import type { DraftedCall, DraftedPart, Seeing } from './call-parts.js'
import { inTurns } from './in-turns.js'
import { unknownItems } from './seeing.js'

/** A loading list: its rows by consignment. A row that cannot be placed stops all of it, so that nothing is half taken in. */
export async function loadingsOf({ loadings, atomic: _atomic, ...shared }: CallBodies['loading'], seeing: Seeing): Promise<DraftedCall> {
  const placed = await inTurns(loadings, 8, (row) => consignmentsOf(row, seeing))
  const errors: BodyError[] = []
  const bySubject = new Map<string, number[]>()
  for (const [index, { equipmentId, subject }] of loadings.entries()) {
    const [of, ...others] = placed[index] ?? []
    const wrong = (message: string) => errors.push({ pointer: `/loadings/${index}/equipmentId`, expected: 'an item of one open consignment', found: equipmentId, message })
    if (of === undefined) wrong(subject === undefined ? 'no open consignment that this participant sees has it' : 'that consignment does not have it, or is not open')
    else if (others.length > 0) wrong('several open consignments have an item of that name: name the consignment (subject)')
    else if ((bySubject.get(of) ?? []).some((row) => loadings[row]?.equipmentId === equipmentId)) wrong('it stands in the list twice')
    else bySubject.set(of, [...(bySubject.get(of) ?? []), index])
  }
  if (errors.length > 0) return unknownItems(errors)
  return {
    facts: { act: shared.act, placeId: shared.placeId, rows: loadings.length },
    parts: [...bySubject].map(([subject, rows]): DraftedPart => ({
      subject,
      body: { ...shared, loadings: rows.map((row) => withoutSubject(loadings[row])) },
      pointers: Object.fromEntries(rows.map((row, at) => [`/loadings/${at}`, `/loadings/${row}`])),
    })),
  }
}

type Row = CallBodies['loading']['loadings'][number]

/** Open consignments in which the item is still on its way; two are enough to know that it is not clear. */
async function consignmentsOf({ equipmentId, subject }: Row, { asking }: Seeing): Promise<readonly string[]> {
  const named = subject === undefined ? (await asking.search({ equipment: [equipmentId], status: ['open'] }, undefined, 20)).map(({ dossier }) => dossier) : [await asking.consignment(subject)]
  return named.flatMap((dossier) => (dossier && isOnItsWay(dossier, equipmentId) ? [dossier.subject] : []))
}

function isOnItsWay({ status, items, note }: Dossier, id: string): boolean {
  return status === 'open' && items.some((item) => item.id === id && item.stage <= 2 * note.mainCarriageTransportMovement.length)
}

function withoutSubject(row: Row | undefined): object {
  const { subject: _subject, ...loading } = row ?? {}
  return loading
}
