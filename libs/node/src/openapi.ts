import { bodySchemaOf, callSchemaOf, schemas, type CallKind } from '#libs/documents'
import { csvColumns } from './loading-csv.js'
import { views } from './openapi-views.js'
import { operations, type Operation } from './operations.js'
import { bodyLimitBytes } from './problem.filter.js'

type Json = Readonly<Record<string, unknown>>

/** The API of a node as OpenAPI 3.1, made from the table of operations and the very schemas that bodies are checked with. */
export function openApi(node: { readonly participant: string; readonly url: string; readonly oidcIssuer: string }): Json {
  const components = new Components()
  const bodies = operations.flatMap(({ statement }) => (statement ? [[`${statement}Body`, components.local(bodySchemaOf(statement))] as const] : []))
  const calls = operations.flatMap(({ call }) => (call ? [[nameOfCall(call), components.local(callSchemaOf(call))] as const] : []))
  const shown = Object.entries(views).map(([name, schema]) => [name, components.local(schema)] as const)
  const paths: Record<string, Record<string, unknown>> = {}
  for (const operation of operations) (paths[operation.path] ??= {})[operation.method.toLowerCase()] = described(operation)
  return {
    openapi: '3.1.0',
    info: {
      title: `Karvan node of ${node.participant}`,
      version: '1',
      description: 'Signed multimodal consignment notes. Statements are posted, signed here, ordered and judged by all; everything else is read.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: node.url }],
    paths,
    components: {
      schemas: { ...components.collected(), ...Object.fromEntries(bodies), ...Object.fromEntries(calls), ...Object.fromEntries(shown) },
      securitySchemes: {
        token: {
          type: 'openIdConnect',
          openIdConnectUrl: `${node.oidcIssuer}/.well-known/openid-configuration`,
          description: `RFC 9068, ES256, audience karvan:${node.participant}, scopes read and state.`,
        },
      },
    },
  }
}

function described({ id, path, scope, summary, query, statement, call, body: named, answer, headers = [] }: Operation): Json {
  const body = statement ? `${statement}Body` : call ? nameOfCall(call) : named
  const parameters = [
    ...[...path.matchAll(/\{([a-zA-Z]+)\}/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
    ...Object.entries(query).map(([name, { pattern, description, required }]) => ({ name, in: 'query', description, ...(required && { required }), schema: { type: 'string', pattern } })),
    ...(statement || call ? statementHeaders : []),
    ...headers.map((header) => ({ ...header, in: 'header', schema: { type: 'string' } })),
  ]
  return {
    operationId: id,
    summary,
    ...(parameters.length > 0 && { parameters }),
    ...(body !== undefined && {
      requestBody: {
        required: true,
        description: `At most ${bodyLimitBytes} bytes of UTF-8.`,
        content: { 'application/json': { schema: ref(body) }, ...(call === 'loading' && csv) },
      },
    }),
    responses: {
      ...(call ? callAnswers : answersOf(statement, answer, id)),
      default: { description: 'A problem.', content: { 'application/problem+json': { schema: ref('Problem') } } },
    },
    security: scope ? [{ token: [scope] }] : [],
  }
}

/** `movement` → `MovementCall`. */
function nameOfCall(call: CallKind): string {
  return `${call.charAt(0).toUpperCase()}${call.slice(1)}Call`
}

const csv = {
  'text/csv': {
    schema: {
      type: 'string',
      description: `A header row and at most 1,000 rows; commas, semicolons or tabs between. Columns, in any order: ${csvColumns.join(', ')}. The rest stands in the query.`,
    },
  },
}

const statementHeaders = [
  {
    name: 'Idempotency-Key',
    in: 'header',
    description: 'The same key with the same request is the same statement, for 30 days.',
    schema: { type: 'string', pattern: '^[!-~]{1,128}$' },
  },
  {
    name: 'Prefer',
    in: 'header',
    description: "wait=N: seconds to wait for the log's decision, 0 to 30; 3 unless told (RFC 7240).",
    schema: { type: 'string' },
  },
]

const callAnswers = {
  201: { description: 'Every part is decided, accepted or refused; each verdict stands in the answer.', headers: whereItStands(), ...jsonOf('CallView') },
  202: { description: 'Kept whole; some parts are not decided yet.', headers: whereItStands(), ...jsonOf('CallView') },
}

function whereItStands(): Json {
  return { Location: { description: 'Where it stands.', schema: { type: 'string' } } }
}

function answersOf(statement: Operation['statement'], answer: Operation['answer'], id: string): Json {
  const location = { headers: whereItStands() }
  if (statement)
    return {
      201: { description: 'Accepted by the log.', ...location, ...jsonOf('Decided') },
      202: { description: 'Signed and kept; not decided yet.', ...location, ...jsonOf('Pending') },
    }
  if (answer === 'application/jose') return { 200: { description: 'JWS, compact.', content: { 'application/jose': { schema: { type: 'string' } } } } }
  if (answer === 'text/event-stream') return { 200: { description: streamDescription, content: { 'text/event-stream': { schema: { type: 'string' } } } } }
  if (answer === 'nothing') return { 204: { description: 'Done.' } }
  const found = { description: views[answer].description ?? answer, ...jsonOf(answer) }
  if (id === 'makeLink') return { 201: { ...found, ...location } }
  if (id === 'openLink') return { 200: { ...found, content: { ...found.content, 'text/html': { schema: { type: 'string' } } } } }
  return id === 'isReady' ? { 200: found, 503: { ...found, description: 'Not ready.' } } : { 200: found }
}

const streamDescription = `Server-sent events. The id of each is its offset in the log, its data a FeedEvent; an event of type end says why the node ends the stream
({code}: TOKEN_EXPIRED or STOPPED). Comments come at least every 15 seconds, with the id up to which everything visible has been told. A reader that does not
take what waits for it is cut. Who comes back with Last-Event-ID misses nothing and gets nothing twice. A consignment is told from the record on that made it
visible to this participant; what was stated on it before stands at its events.`.replaceAll('\n', ' ')

function jsonOf(name: keyof typeof views): { readonly content: Json } {
  return { content: { 'application/json': { schema: ref(name) } } }
}

function ref(name: string): Json {
  return { $ref: `#/components/schemas/${name}` }
}

/** Schemas of documents by their titles, collected as they are referred to. */
class Components {
  readonly #byId = new Map<string, string>()
  readonly #schemas = new Map<string, unknown>()

  /** The same schema with its references pointing into the description, and without an identity of its own. */
  local(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.local(item))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value)
        .filter(([keyword]) => !['$id', '$schema', '$defs'].includes(keyword))
        .map(([keyword, part]) =>
          keyword === '$ref' && typeof part === 'string' && !part.startsWith('#')
            ? ['$ref', `#/components/schemas/${this.nameOf(part)}`]
            : [keyword, this.local(part)],
        ),
    )
  }

  collected(): Json {
    return Object.fromEntries([...this.#schemas].sort(([a], [b]) => (a < b ? -1 : 1)))
  }

  private nameOf(id: string): string {
    const known = this.#byId.get(id)
    if (known !== undefined) return known
    const [document = '', definition] = id.split('#/$defs/')
    const whole = (Object.values(schemas) as readonly Json[]).find((schema) => schema['$id'] === document)
    const schema = (definition === undefined ? whole : (whole?.['$defs'] as Json | undefined)?.[definition]) as Json | undefined
    const name = String(schema?.['title'] ?? definition)
    if (!schema || this.#schemas.has(name) || Object.hasOwn(views, name)) throw new Error(`${id} has no name of its own in the description`)
    this.#byId.set(id, name)
    this.#schemas.set(name, undefined) // before its parts, which may refer back to it
    this.#schemas.set(name, this.local(schema))
    return name
  }
}
