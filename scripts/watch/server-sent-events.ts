/** One server-sent event (WHATWG HTML, section 9.2.6). A block that only says where the reader is has no data. */
export interface ServerSentEvent {
  readonly id?: string
  readonly event?: string
  readonly data?: string
}

/** Reads events from text that comes in pieces. What no empty line has ended is no event: it comes again after the next connection. */
export async function* eventsIn(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<ServerSentEvent> {
  const decoder = new TextDecoder()
  let pending = ''
  for await (const piece of pieces) {
    pending += decoder.decode(piece, { stream: true })
    const blocks = pending.split(/\r?\n\r?\n/)
    pending = blocks.pop() ?? ''
    for (const block of blocks) yield eventOf(block)
  }
}

function eventOf(block: string): ServerSentEvent {
  const fields: { id?: string; event?: string; data?: string } = {}
  for (const line of block.split(/\r?\n/)) {
    const [, name, value = ''] = /^([^:]*)(?:: ?(.*))?$/.exec(line) ?? []
    if (name === 'id' || name === 'event') fields[name] = value
    else if (name === 'data') fields.data = fields.data === undefined ? value : `${fields.data}\n${value}`
  }
  return fields
}
