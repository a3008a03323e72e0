import { schemas, type DocumentName } from './generated/schemas.js'

type CodeList = {
  readonly enum: readonly string[]
  readonly 'x-meanings': Readonly<Record<string, string>>
  readonly 'x-mapping'?: Readonly<Record<string, Mapping>>
}

/** Codes of UN/CEFACT lists (`9013`, `4451` …) that say the same as a code of our own. */
export type Mapping = Readonly<Record<string, readonly string[]>>

/** `9013`, `reservation` …: every list under schemas/codes. */
export type CodeListName = DocumentName extends infer N ? (N extends `codes/${infer List}` ? List : never) : never

/** The codes of a list, in the order of its table. */
export function codesOf(list: CodeListName): readonly string[] {
  return listOf(list).enum
}

/** What a code means, in English, or undefined when the list lacks it. */
export function meaningOf(list: CodeListName, code: string): string | undefined {
  const meanings = listOf(list)['x-meanings']
  return Object.hasOwn(meanings, code) ? meanings[code] : undefined
}

/** The UN/CEFACT codes for a code of one of our own lists (customs-decision, handoff-outcome, reservation); `{}` where there are none. */
export function mappingOf(list: CodeListName, code: string): Mapping {
  const mapping = listOf(list)['x-mapping'] ?? {}
  return (Object.hasOwn(mapping, code) ? mapping[code] : undefined) ?? {}
}

function listOf(list: CodeListName): CodeList {
  return schemas[`codes/${list}`] as CodeList // that every code list has these members is checked by test/schemas.spec.ts
}
