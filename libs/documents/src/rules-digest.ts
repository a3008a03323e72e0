import { canonicalJson } from './canonical.js'
import { schemas } from './generated/schemas.js'

/** Words for people; a better sentence is no new rule. `x-subject` stays: the judge reads it. */
const annotations = new Set(['title', 'description', 'x-list', 'x-meanings', 'x-mapping'])

/** Members whose own members are names, not keywords: a field may well be called `title`. */
const named = new Set(['properties', '$defs'])

/** Canonical JSON of what the judge reads of all schemas and code lists, by document name: what the digest of the active rules covers of this lib. */
export function schemasDigestInput(): string {
  return canonicalJson(Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, judgedOf(schema)])))
}

function judgedOf(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(judgedOf)
  if (typeof node !== 'object' || node === null) return node
  const keywords = Object.entries(node).filter(([keyword]) => !annotations.has(keyword))
  return Object.fromEntries(keywords.map(([keyword, value]) => [keyword, named.has(keyword) ? membersOf(value) : judgedOf(value)]))
}

function membersOf(members: unknown): unknown {
  return Object.fromEntries(Object.entries(members ?? {}).map(([name, schema]) => [name, judgedOf(schema)]))
}
