import { problem } from './problem.js'

/** One query parameter: what it may be, and what it says. */
export interface Parameter {
  readonly pattern: string
  readonly description: string
  /** What it may be, in words that follow "name: ". */
  readonly expected: string
  readonly required?: true
}

export type Parameters = Readonly<Record<string, Parameter>>

const offset = { pattern: '^(?:0|[1-9][0-9]{0,14})$', expected: 'a whole number from 0, such as 1250' } as const
const cursor = { pattern: '^[A-Za-z0-9_-]{1,32}$', expected: 'the `next` of the page before, as it was' } as const
const text = { pattern: '^[!-~][ -~]{0,69}$', expected: '1 to 70 printable ASCII characters, the first no space' } as const
const party = {
  pattern: '^(?:outside:)?[a-z0-9][a-z0-9-]{1,62}$',
  expected: 'the id of a participant or of a party outside, such as uz-uty or outside:tm-forwarder',
} as const

const time = {
  pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\\.[0-9]{1,3})?)?Z)?$',
  expected: 'a date such as 2026-06-01 (its first moment, UTC), or a time such as 2026-06-01T08:00:00Z',
} as const
const placeId = { pattern: '^[a-z]{2}-[a-z0-9-]{1,60}$', expected: 'the id of a place, such as uz-akhangaran' } as const

const limit = { pattern: '^(?:[1-9][0-9]?|100)$', expected: 'a whole number from 1 to 100', description: 'Rows of a page, 1 to 100; 20 unless told.' }
const page = { after: { ...cursor, description: 'Where the page before ended: its `next`, as it was.' }, limit }

/** What consignments can be asked for by; several together must all hold. */
const terms = {
  equipment: {
    pattern: '^[A-Z0-9]{4,17}$',
    expected: '4 to 17 capital letters and digits, such as MSKU1234565',
    description: 'Container, wagon or trailer number, also one that carried it before.',
  },
  seal: { ...text, description: 'Number of a seal on an item.' },
  means: { ...text, description: 'Ship, train or lorry, or its voyage or train index.' },
  reference: { ...text, description: 'Any reference number of the note, its contracts, declarations or acts.' },
  mrn: { ...text, description: 'Movement reference number of customs.' },
  transferList: { ...text, description: 'Number of a transfer list.' },
  holder: { ...party, description: 'Who has an item now.' },
  place: { ...placeId, description: 'Where an item was last reported.' },
  country: { pattern: '^[A-Z]{2}$', expected: 'two capital letters, such as UZ', description: 'Country on the route (ISO 3166-1).' },
  mode: { pattern: '^[0-9]{1,2}$', expected: 'one or two digits, such as 2 for rail', description: 'Mode of a leg (UNECE Recommendation 19).' },
  dangerous: { pattern: '^(?:true|false)$', expected: 'one of true, false', description: 'Whether dangerous goods travel on it.' },
  status: { pattern: '^(?:open|delivered|cancelled)$', expected: 'one of open, delivered, cancelled', description: 'Of the consignment as a whole.' },
} as const satisfies Parameters

export const queries = {
  none: {},
  consignments: { ...terms, ...page },
  events: { after: { ...offset, description: 'Offset in the log; entries after it come.' }, limit },
  handoffs: {
    awaiting: { pattern: '^me$', expected: 'me', description: '`me`: open offers that wait for this participant. They are the only ones to ask for.' },
    ...page,
  },
  stream: {
    after: { pattern: '^(?:-1|0|[1-9][0-9]{0,14})$', expected: 'an offset of the log, such as 1250, or -1 for everything', description: 'Offset in the log; entries after it come. What is new from now on unless told; -1 is the whole log.' },
    consignment: { pattern: '^[0-9a-f-]{36}$', expected: 'the id of a consignment', description: 'This consignment alone.' },
    place: { ...placeId, description: 'What has to do with this place alone: consignments whose route leads through it or of which something was stated there, from the statement on that first names it.' },
    means: { ...text, description: 'What has to do with this ship, train or lorry alone, or with its voyage or train index: consignments from the statement on that first names it.' },
  },
  todo: page,
  expected: {
    place: { ...terms.place, required: true, description: 'Where goods come to: the end of a leg, a border it crosses, or where an arrival was announced.' },
    means: { ...text, description: 'Ship, train or lorry, or its voyage or train index.' },
    from: { ...time, description: 'Arrivals at this time or later; those nobody has timed are left out.' },
    to: { ...time, description: 'Arrivals before this time; those nobody has timed are left out.' },
    ...page,
  },
  proposal: {
    means: { ...text, required: true, description: 'Ship, train or lorry, or its voyage or train index.' },
    place: { ...placeId, required: true, description: 'Where the list is made.' },
  },
  /** Of a loading list as CSV: what is the same for every row. */
  loadingCsv: {
    act: { pattern: '^(?:loaded|unloaded)$', expected: 'one of loaded, unloaded', description: 'Of a list as CSV: what was done.' },
    placeId: { ...placeId, description: 'Of a list as CSV: where.' },
    occurredAt: {
      pattern: '^[0-9TZ:.-]{20,24}$',
      expected: 'an RFC 3339 time in UTC ending in Z, such as 2026-11-24T08:00:00Z',
      description: 'Of a list as CSV: when.',
    },
    statusCodes: { pattern: '^[0-9]{1,3}(?:,[0-9]{1,3}){0,7}$', expected: 'status codes with commas between, such as 94,48', description: 'Of a list as CSV: UNTDID 9013.' },
    atomic: { pattern: '^preflight$', expected: 'preflight', description: 'Of a list as CSV: nothing is made when a part would be refused as things stand.' },
  },
  checkpoint: {
    size: { ...offset, description: 'Number of records of the tree; all that this node has applied unless told.' },
    covers: { ...offset, description: 'Offset of a record: the tree of all applied, as soon as that has it. What the record tells of is then shown here, too, but for particulars.' },
  },
  leaves: {
    from: { ...offset, description: 'First offset.' },
    to: { ...offset, description: 'Offset after the last one; at most 1,000 after the first.' },
  },
} as const satisfies Record<string, Parameters>

export type Asked<P extends Parameters> = { readonly [Name in keyof P]?: string }

/** Reads a query string: what is unknown, given twice or not as described is refused rather than passed over. */
export function readQuery<P extends Parameters>(parameters: P, query: unknown): Asked<P> {
  const asked: Record<string, string> = {}
  for (const [name, value] of Object.entries(query ?? {})) {
    const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined
    if (!parameter) throw problem('UNKNOWN_PARAMETER', `there is no parameter ${JSON.stringify(name.slice(0, 40))} here`)
    if (typeof value !== 'string') throw problem('BAD_PARAMETER', `${name}: given more than once`, { facts: { parameter: name } })
    if (!new RegExp(parameter.pattern).test(value)) throw problem('BAD_PARAMETER', `${name}: ${parameter.expected}`, { facts: { parameter: name } })
    asked[name] = value
  }
  for (const [name, { required, expected }] of Object.entries(parameters))
    if (required && asked[name] === undefined) throw problem('BAD_PARAMETER', `${name}: ${expected}`, { facts: { parameter: name } })
  return asked as Asked<P> // each is one of the parameters
}

/** A time that was asked for, in a form that there is: no 31st of June. */
export function timeOf<N extends 'from' | 'to'>(name: N, asked: string | undefined): { readonly [K in N]?: string } {
  if (asked === undefined) return {}
  const [date = ''] = asked.split('T')
  const read = new Date(asked)
  if (Number.isNaN(read.getTime()) || !read.toISOString().startsWith(date)) throw problem('BAD_PARAMETER', `${name}: ${time.expected}`, { facts: { parameter: name } })
  return { [name]: asked } as { readonly [K in N]?: string } // the only member
}

export function limitOf(asked: { readonly limit?: string }): number {
  return Number(asked.limit ?? 20)
}

/** A cursor is opaque: it says where a page ended, in a form that nobody is tempted to count with. */
export function cursorTo(opened: number): string {
  return Buffer.from(`before ${opened}`).toString('base64url')
}

export function cursorFrom(after: string | undefined): number | undefined {
  if (after === undefined) return undefined
  const opened = Number(/^before (0|[1-9][0-9]{0,14})$/.exec(Buffer.from(after, 'base64url').toString('latin1'))?.[1])
  if (Number.isNaN(opened) || cursorTo(opened) !== after)
    throw problem('BAD_PARAMETER', `after: ${cursor.expected}`, { facts: { parameter: 'after' } })
  return opened
}

/** The terms among what was asked, each with its value. */
export function termsAsked(asked: Asked<typeof queries.consignments>): Partial<Record<keyof typeof terms, readonly string[]>> {
  return Object.fromEntries(
    Object.entries(asked)
      .filter(([name]) => Object.hasOwn(terms, name))
      .map(([name, value]) => [name, [value]]),
  )
}
