import type { KeyObject } from 'node:crypto'
import type { PublicJwk } from '#libs/documents'

/** What an `InspectingThread` and its program tell each other. */

/** Record values one behind the other; the length of one that is null is −1. */
export interface Packed {
  readonly bytes: ArrayBuffer
  readonly lengths: Int32Array
}

export type ToProgram = { readonly batch: number; readonly packed: Packed } | { readonly kid: string; readonly key: KeyObject }

export interface FromProgram {
  readonly batch: number
  /** In order, `together` inspections in each but the last. */
  readonly lists: readonly InspectedList[]
  /** Keys that founding and KeyAdded statements of the batch name, each with its thumbprint (`candidateKeysOf`). */
  readonly named: readonly (readonly [kid: string, jwk: PublicJwk])[]
}

export interface InspectedList {
  /** JSON (UTF-8) of the inspections, without `signed` where the key is not known to the program. */
  readonly text: Uint8Array<ArrayBuffer>
  /** By which keys signatures were checked. */
  readonly kids: readonly string[]
  /** Whether one of them is without `signed`. */
  readonly isOpen: boolean
}

/** One letter beyond Latin-1 doubles the text that it is in, and what reading it takes: so few inspections have a text together. */
export const together = 32
