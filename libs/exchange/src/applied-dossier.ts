import { termsOf, type Dossier } from '#libs/consignment'
import { partsOf } from './dossier-parts.js'
import type { Term } from './ports.js'

/** A dossier as it stands after a batch, and what is written of it, found when it is asked for first. */
export class AppliedDossier {
  #parts: readonly string[] | undefined
  #terms: readonly Term[] | undefined

  constructor(readonly dossier: Dossier) {}

  get parts(): readonly string[] {
    return (this.#parts ??= partsOf(this.dossier))
  }

  get terms(): readonly Term[] {
    return (this.#terms ??= termsOf(this.dossier))
  }
}
