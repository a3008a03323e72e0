import type { StatementBody } from '#libs/documents'
import { box, contract, movement, note } from '#libs/testing'

/** Boxes with right check digits, two for each note. */
const numbers = [
  'KRVU3054204', 'KRVU3054225', 'KRVU3054230', 'KRVU3054246', 'KRVU3054251', 'KRVU3054267', 'KRVU3054272', 'KRVU3054288', 'KRVU3054293', 'KRVU3054307',
  'KRVU3054312', 'KRVU3054328', 'KRVU3054333', 'KRVU3054349', 'KRVU3054354', 'KRVU3054375', 'KRVU3054380', 'KRVU3054396', 'KRVU3054415', 'KRVU3054420',
  'KRVU3054436', 'KRVU3054441', 'KRVU3054457', 'KRVU3054462', 'KRVU3054478', 'KRVU3054483', 'KRVU3054499', 'KRVU3054502', 'KRVU3054518', 'KRVU3054523',
] as const

export const occurredAt = '2026-06-01T08:00:00Z'
export const train = { means: { typeCode: '2302', id: '1501' }, journeyId: '7230-016-7308' } as const

/** The two boxes of a note, by its place among the notes of a test. */
export function boxesOf(index: number): readonly [string, string] {
  return [numbers[2 * index] ?? '', numbers[2 * index + 1] ?? '']
}

/** Two boxes by two railways from Ahangaran over Khodjadavlet to Turkmenbashi. */
export function noteOf(index: number): StatementBody<'NoteIssued'> {
  const boxes = boxesOf(index)
  const { particulars: _digests, ...plain } = note({
    transportContracts: [contract('c1', 'uz-uty', 'uz-ahangaran', 'tm-turkmenbashi-rail', ['l1', 'l2'])],
    mainCarriageTransportMovement: [movement(1, 'uz-uty', 'uz-ahangaran', 'uz-khodjadavlet'), movement(2, 'tm-tdy', 'uz-khodjadavlet', 'tm-turkmenbashi-rail')],
    utilizedTransportEquipment: boxes.map((id) => box(id)), packageQuantity: 48, grossMassKg: 48_000, transportEquipmentQuantity: 2,
    consigneeSide: 'consignee-side', countriesOnRoute: ['TM', 'UZ'],
  })
  return { note: plain, occurredAt }
}
