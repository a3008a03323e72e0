import { canonicalJson, digestOf, schemasDigestInput } from '#libs/documents'
import { rules } from './refusal.js'
import { capacities, kinds, notYetJudged, roles } from './roles.js'

/** The rules this build judges by. A change of anything the judge reads is a new version, activated on the log (architecture 5). */
export const rulesVersion = 1

let digest: string | undefined

/** base64url SHA-256 over schemas and code lists, role table, kinds and rule codes: what `RulesActivated` and the founding statement name. */
export function rulesDigest(): string {
  digest ??= digestOf(canonicalJson({ rulesVersion, schemas: schemasDigestInput(), roles, capacities, kinds, notYetJudged, rules: Object.keys(rules).sort() }))
  return digest
}
