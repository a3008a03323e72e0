import pg from 'pg'

/** No statement of ours takes so long; a server that hangs, or a member who holds the topic's lock, must not hang the node. */
const statementLimitMs = 10_000

/** Offsets and times are safe integers, so they come as numbers, for these connections alone: pg's registry is global. */
export const sessionOptions = {
  keepAlive: true,
  application_name: 'karvan-log',
  connectionTimeoutMillis: 3_000,
  statement_timeout: statementLimitMs,
  query_timeout: statementLimitMs + 2_000,
  types: {
    getTypeParser: (oid: number, format?: 'text' | 'binary') => {
      if (oid === pg.types.builtins.INT8 && format !== 'binary') return Number
      return pg.types.getTypeParser(oid, format as 'text') // the overloads of pg want the literal
    },
  },
}
