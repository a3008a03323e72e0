import { readFileSync } from 'node:fs'
import type { NewRecord } from '#libs/exchange'
import type { Json, JsonObject } from '../../corridors/story.js'
import { withCheckDigit } from '../../corridors/traffic/renumber.js'
import type { BenchCorridor } from '../traffic/founding.js'
import { pensOf } from '../traffic/pen.js'

/** A signed note and the boxes it is for. */
export interface SmallNote {
  readonly record: NewRecord
  readonly boxes: readonly string[]
}

export const boxOwner = 'KRVU'
/** Every subject begins so; the digits are the copy's number where notes have been multiplied. */
export const subjectPrefix = '01970000'

const issuer = 'uz-forwarder'
const packagesEach = 24
const grossMassKgEach = 24_000

/** Notes like the README's, for one, two or three boxes in turn, each box in one note only. @param file docs/examples/two-boxes.json */
export function smallNotes(corridor: BenchCorridor, file: string): () => SmallNote {
  const { occurredAt, ...body } = JSON.parse(readFileSync(file, 'utf8')) as JsonObject & { readonly occurredAt: string; readonly note: JsonObject }
  const issue = pensOf(corridor)(issuer)
  const [sample] = body.note['utilizedTransportEquipment'] as readonly JsonObject[] // as the file has it
  let notes = 0
  let boxesMade = 0
  return () => {
    const count = 1 + (notes % 3)
    const boxes = Array.from({ length: count }, () => withCheckDigit('iso6346', `${boxOwner}${String(boxesMade++).padStart(6, '0')}`))
    const note = {
      ...body.note, packageQuantity: packagesEach * count, grossMassKg: grossMassKgEach * count, transportEquipmentQuantity: count,
      utilizedTransportEquipment: boxes.map((id): Json => ({ ...sample, id })),
    }
    const { record } = issue(`${subjectPrefix}-0000-7000-8000-${(notes++).toString(16).padStart(12, '0')}`, 'NoteIssued', { ...body, note }, occurredAt)
    return { record, boxes }
  }
}
