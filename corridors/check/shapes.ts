import { isRoutedType, schemas, statementTypeNames, tellerOf } from '#libs/documents'
import { portSpan, writtenBase } from '../ports.js'

/** The shape of a corridor's files. Rows that become statements take theirs from the statement's schema, so that it is written once. */

const scalar = (name: string) => ({ $ref: `https://karvan.example/schemas/scalars/v1#/$defs/${name}` })
const words = { type: 'string', minLength: 1, maxLength: 500, description: 'a sentence of at most 500 characters' }
const marks = { invented: words, unverified: words }
const port = { type: 'integer', minimum: writtenBase + 1, maximum: writtenBase + portSpan - 1 }
const countries = { type: 'array', minItems: 1, maxItems: 24, uniqueItems: true, items: { type: 'string', ...scalar('Country') } }
const name = (description: string) => ({ type: 'string', maxLength: 63, pattern: '^[a-z0-9][a-z0-9-]{0,62}$', description })
const language = { type: 'string', maxLength: 35, pattern: '^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,4}$' }

const object = (required: readonly string[], properties: object) => ({ type: 'object', required, properties, additionalProperties: false })

/** A file that holds a list; its rows are looked at one by one. */
const listFile = (list: string, minItems = 1) => object([list], { [list]: { type: 'array', minItems }, marks: { type: 'array', items: words }, ...marks })

/** Data of a statement without `without`, and with columns that no statement has. */
function rowLike(document: 'participant-admitted' | 'place-registered', without: readonly string[], more: object, moreRequired: readonly string[]): object {
  const { required, properties, if: condition, then, else: otherwise } = schemas[document] as unknown as Schema // our own schemas have these members
  return {
    ...object([...required.filter((member) => !without.includes(member)), ...moreRequired], { ...omitted(properties, without), ...more }),
    ...(condition && { if: condition, then, else: otherwise }),
  }
}

interface Schema {
  readonly required: readonly string[]
  readonly properties: Readonly<Record<string, object>>
  readonly if?: object
  readonly then?: object
  readonly else?: object
}

function omitted(properties: Schema['properties'], without: readonly string[]): object {
  return Object.fromEntries(Object.entries(properties).filter(([member]) => !without.includes(member)))
}

export const corridorErrors = tellerOf(
  object(['name', 'title', 'epoch', 'countries', 'names', 'authority', 'host', 'stories'], {
    name: name('a name of lower-case letters, digits and hyphens: the topic of the log is called by it'),
    title: { type: 'string', minLength: 1, maxLength: 200 },
    epoch: { type: 'integer', minimum: 1, maximum: 999_999 },
    countries,
    outside: countries,
    names: object(['scripts', 'languages'], {
      scripts: { type: 'array', minItems: 1, uniqueItems: true, items: { type: 'string', enum: ['Latn', 'Cyrl', 'Geor', 'Hans', 'Arab'] } },
      languages: { type: 'object', propertyNames: { pattern: '^[A-Z]{2}$' }, additionalProperties: language },
    }),
    authority: scalar('ParticipantId'),
    host: { type: 'string', maxLength: 253, pattern: '^[a-z0-9][a-z0-9.-]{0,252}$', description: 'the name or IPv4 address of a host' },
    stories: { type: 'array', uniqueItems: true, items: name('the name of a file in stories/, without .json') },
    marks: { type: 'array', items: words },
  }),
)

export const participantsErrors = tellerOf(listFile('participants'))
export const participantErrors = tellerOf(rowLike('participant-admitted', ['url'], { url: scalar('Url'), port, opsPort: port, ...marks }, ['port', 'opsPort']))

export const placesErrors = tellerOf(listFile('places'))
export const placeErrors = tellerOf(rowLike('place-registered', [], marks, []))

export const usersErrors = tellerOf(listFile('users', 0))
export const userErrors = tellerOf(
  object(['user', 'name', 'organisation', 'scopes'], {
    user: name('a name of lower-case letters, digits and hyphens'),
    name: scalar('ShortText'),
    organisation: scalar('ParticipantId'),
    scopes: { type: 'array', minItems: 1, uniqueItems: true, items: { type: 'string', enum: ['read', 'state'] } },
    ...marks,
  }),
)

export const storyErrors = tellerOf(
  object(['story', 'title', 'invented', 't0', 'groups', 'tables', 'steps'], {
    story: name('a name of lower-case letters, digits and hyphens'),
    title: words,
    invented: { type: 'array', items: words },
    t0: words,
    groups: { type: 'object', additionalProperties: { type: 'array', minItems: 1, uniqueItems: true, items: { type: 'string', ...scalar('ItemId') } } },
    tables: { type: 'object', additionalProperties: { type: 'array', minItems: 1 } },
    steps: { type: 'array', minItems: 1 },
  }),
)

export const stepErrors = tellerOf(
  object(['name', 'row', 'at', 'by', 'statement', 'says', 'body'], {
    name: name('a name of lower-case letters, digits and hyphens'),
    row: { type: 'integer', minimum: 1 },
    at: { type: 'number', description: 'hours from T0' },
    statedAt: { type: 'number', description: 'hours from T0' },
    by: scalar('ParticipantId'),
    statement: { type: 'string', enum: statementTypeNames.filter(isRoutedType), title: 'the statements on a consignment' },
    on: name('the name of the step whose note this is stated on'),
    invented: { const: true },
    says: words,
    body: { type: 'object' },
    expect: object(['status', 'code'], { status: { type: 'integer', enum: [403, 404, 409, 422] }, code: { type: 'string', maxLength: 40, pattern: '^[A-Z][A-Z_]+$', description: 'the code of a refusal' } }),
  }),
)
