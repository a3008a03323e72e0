import type { Writable } from 'node:stream'
import pg from 'pg'

/** What pg binds to a statement; `valueMapper` makes of each value what is sent. */
export interface Bound {
  readonly portal?: string | undefined
  readonly statement?: string | undefined
  readonly binary?: unknown
  readonly values?: readonly unknown[] | undefined
  readonly valueMapper: (value: unknown, index: number) => string | Buffer | null | undefined
}

/** pg's own, which does not declare all of it. */
interface Connection {
  readonly stream: Pick<Writable, 'writable' | 'cork' | 'uncork' | 'write'>
  bind(bound: Bound): void
}

/** Buffers that have so many bytes together are sent as they are. */
const largeBytes = 65_536

/** What has fewer bytes is copied together with its neighbours. */
const pieceBytes = 4_096

/**
 * A client of pg that sends large values from where they are. pg copies them into one message, for which it takes room anew whenever what it has is too
 * small: for a batch of 4,000 records 21 MB to send 8, most of which was in use long enough to be freed only when the whole heap is marked, and brought that about.
 * It inherits because pg's pool makes its clients itself, and the first of them before anybody else has the pool.
 */
export class ClientInPieces extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super(config)
    bindInPieces((this as unknown as { readonly connection: Connection }).connection)
  }
}

/**
 * From now on Buffers that are large together are sent as they are: they may not be changed until the statement is answered. Throws what `valueMapper` throws, before
 * anything is sent.
 */
export function bindInPieces(connection: Connection): void {
  const bindWhole = connection.bind.bind(connection)
  connection.bind = (bound) => {
    const bytes = bound.values?.reduce<number>((sum, value) => sum + (Buffer.isBuffer(value) ? value.length : 0), 0) ?? 0
    if (bytes < largeBytes) return bindWhole(bound)
    const { stream } = connection
    const pieces = bindMessage(bound)
    if (!stream.writable) return // as pg does: whoever asked is told when the connection ends
    stream.cork()
    for (const piece of pieces) stream.write(piece)
    stream.uncork()
  }
}

/** The message Bind in pieces, those that are large the very values. Source: PostgreSQL's documentation, "Message Formats". Throws what `valueMapper` throws. */
export function bindMessage({ portal, statement, binary, values = [], valueMapper }: Bound): readonly Buffer[] {
  const sent = values.map((value, at) => valueMapper(value, at))
  const formats = sent.map((value) => (Buffer.isBuffer(value) ? 1 : 0))
  const names = Buffer.from(`${portal || ''}\0${statement || ''}\0`)
  const rest = [names, uint16s(formats.length, ...formats, sent.length), ...sent.flatMap(withLength), uint16s(1, binary ? 1 : 0)]
  const length = Buffer.allocUnsafe(5)
  length.write('B', 'latin1')
  length.writeInt32BE(4 + rest.reduce((sum, piece) => sum + piece.length, 0), 1)
  return joined([length, ...rest])
}

function withLength(value: string | Buffer | null | undefined): readonly Buffer[] {
  const length = Buffer.allocUnsafe(4)
  const bytes = typeof value === 'string' ? Buffer.from(value) : value
  length.writeInt32BE(bytes?.length ?? -1)
  return bytes ? [length, bytes] : [length]
}

function uint16s(...numbers: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(2 * numbers.length)
  for (const [at, number] of numbers.entries()) bytes.writeUInt16BE(number, 2 * at)
  return bytes
}

/** With small ones that stand beside each other as one. */
function joined(pieces: readonly Buffer[]): readonly Buffer[] {
  const found: Buffer[] = []
  let small: Buffer[] = []
  for (const piece of pieces) {
    if (piece.length < pieceBytes) small.push(piece)
    else {
      if (small.length > 0) found.push(Buffer.concat(small))
      found.push(piece)
      small = []
    }
  }
  return [...found, Buffer.concat(small)] // the last one is small
}
