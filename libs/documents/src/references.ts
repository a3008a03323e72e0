import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { bodySchemaOf } from './body.js'
import { schemas } from './generated/schemas.js'
import type { StatementType } from './statement.js'
import { options, vocabulary } from './validate.js'

/** Somebody or some place that a body names, and where (RFC 6901). */
export type Reference = { readonly kind: 'participant' | 'party' | 'place'; readonly id: string; readonly pointer: string }

/** Whether a text names something of the register is said by its schema, never guessed from its spelling. */
const kindOf = { ParticipantId: 'participant', PartyId: 'party', PlaceId: 'place' } as const

type Definitions = { readonly $defs: Readonly<Record<string, object>> } // the document is made of definitions only

let met: Reference[] = []

const ajv = new Ajv2020(options)
ajv.addVocabulary(vocabulary)
ajv.addKeyword({
  keyword: 'x-names',
  type: 'string',
  validate: (kind: Reference['kind'], id: string, _schema: object | undefined, at?: { readonly instancePath: string }) => {
    met.push({ kind, id, pointer: at?.instancePath ?? '' })
    return true
  },
})
for (const schema of Object.values(schemas)) ajv.addSchema(schema === schemas.scalars ? naming(schema as Definitions) : schema)

const validators = new Map<StatementType, ValidateFunction>()

/** The participants and places that a statement's body names. For bodies that fit their schema: what comes after a fault is not read. */
export function referencesIn(type: StatementType, body: unknown): readonly Reference[] {
  let validator = validators.get(type)
  if (!validator) validators.set(type, (validator = ajv.compile(bodySchemaOf(type))))
  met = []
  validator(body)
  return [...new Map(met.map((reference) => [reference.pointer, reference])).values()] // an alternative is tried more than once
}

function naming(scalars: Definitions): object {
  const definitions = Object.entries(scalars.$defs).map(([name, definition]) => {
    const kind = Object.hasOwn(kindOf, name) ? kindOf[name as keyof typeof kindOf] : undefined
    return [name, kind ? { ...definition, 'x-names': kind } : definition]
  })
  return { ...scalars, $defs: Object.fromEntries(definitions) }
}
