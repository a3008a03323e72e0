import { canonicalJson } from './canonical.js'
import { schemas } from './generated/schemas.js'

/** Canonical JSON of all schemas and code lists by document name: what the digest of the active rules covers of this lib. */
export function schemasDigestInput(): string {
  return canonicalJson(schemas)
}
