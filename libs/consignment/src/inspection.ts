/** Codes of the checks that need no state, cheapest first. They are judged in this order, KEY between HEADER and SIGNATURE. */
export type BytesFault = 'SIZE' | 'FORM' | 'HEADER'
export type PayloadFault = 'UTF8' | 'DEPTH' | 'CANONICAL'

/**
 * What can be said of one record's bytes without the state of the corridor. `signed` is the truth of the signature under the public key that
 * hashes to `kid`; whether that key counts at this place of the log is the judge's business (KEY), so a batch is inspected in parallel ahead of judging.
 */
export type Inspection =
  | { readonly ok: false; readonly code: BytesFault }
  | {
      readonly ok: true
      readonly kid: string
      readonly typ: string
      readonly eventId: string
      readonly signed: boolean
      /** SHA-256 of the whole value, base64url, which the record's leaf commits to; it is found here where that is known beforehand. */
      readonly valueHash?: string
      readonly payload: ReadPayload | { readonly ok: false; readonly code: PayloadFault }
    }

export interface ReadPayload {
  readonly ok: true
  readonly value: unknown
  /** It is known to fit its schemas (ENVELOPE, SCHEMA), which needs no state either. Where it is not known, the judge asks. */
  readonly fits?: true
}
