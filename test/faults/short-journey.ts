import type { PlainBlock, StatementBody } from '#libs/documents'
import { allBoxes, contract, movement, note } from '#libs/testing'
import type { SubmitResult } from '#libs/exchange'

/** Two railways take four boxes from Ahangaran over Khodjadavlet to Turkmenbashi: enough for custody, a border and two customs. */
export const forwarder = 'uz-forwarder'
export const uty = 'uz-uty'
export const tdy = 'tm-tdy'
export const uzCustoms = 'uz-customs'
export const consignee = 'consignee-side'
export const boxes = allBoxes

const occurredAt = '2026-06-01T08:00:00Z'

export function noteBody(blocks: readonly PlainBlock[] = []): StatementBody<'NoteIssued'> {
  const { particulars: _digests, ...plain } = note({
    transportContracts: [contract('c1', uty, 'uz-ahangaran', 'tm-turkmenbashi-rail', ['l1', 'l2'])],
    mainCarriageTransportMovement: [movement(1, uty, 'uz-ahangaran', 'uz-khodjadavlet'), movement(2, tdy, 'uz-khodjadavlet', 'tm-turkmenbashi-rail')],
    consigneeSide: consignee,
    countriesOnRoute: ['TM', 'UZ'],
  })
  return { note: plain, occurredAt, ...(blocks.length > 0 && { particulars: { blocks: [...blocks] } }) }
}

export function offerBody(): StatementBody<'HandoffOffered'> {
  return { to: uty, into: { kind: 'leg', legId: 'l1' }, items: 'all', placeId: 'uz-ahangaran', presentedAt: occurredAt, liabilityPasses: true, occurredAt }
}

export function remarkBody(text: string): StatementBody<'RemarkAdded'> {
  return { code: 'SMGS-30', text: [{ languageId: 'en', text }], items: 'all', occurredAt }
}

export function holdBody(items: readonly string[]): StatementBody<'CustomsDecisionIssued'> {
  return { kind: 'held', items: [...items], customsOfficePlaceId: 'uz-customs-khodjadavlet', occurredAt }
}

/** The answer of a statement that is expected to be accepted. */
export function accepted(result: SubmitResult): SubmitResult & { readonly kind: 'accepted' } {
  if (result.kind !== 'accepted') throw new Error(`not accepted: ${JSON.stringify(result)}`)
  return result
}

/** The answer of a statement that was signed and kept and is not decided yet. */
export function pending(result: SubmitResult): SubmitResult & { readonly kind: 'pending' } {
  if (result.kind !== 'pending') throw new Error(`not pending: ${JSON.stringify(result)}`)
  return result
}
