import { get, type IncomingMessage } from 'node:http'

export interface StreamEvent {
  readonly id?: string
  readonly event?: string
  readonly data: string
}

/** A reader of server-sent events on a connection of its own, as the standard has it: what is not finished by an empty line is no event. */
export interface StreamClient {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly events: readonly StreamEvent[]
  /** Everything that came, also comments. */
  readonly text: string
  /** Where it would go on. */
  readonly lastEventId: string | undefined
  readonly isOver: boolean
  pause(): void
  resume(): void
  cut(): void
}

/** @param cutAfterBytes goes away in the middle of whatever is being told then */
export function openStream(url: string, headers: Readonly<Record<string, string>> = {}, cutAfterBytes = Infinity): Promise<StreamClient> {
  return new Promise((resolve, reject) => {
    const request = get(url, { headers, agent: false }, (response) => {
      const events: StreamEvent[] = []
      const seen = { text: '', pending: '', lastEventId: headers['last-event-id'], isOver: false }
      const take = (chunk: Buffer) => {
        const left = cutAfterBytes - Buffer.byteLength(seen.text)
        const text = chunk.subarray(0, Math.max(0, left)).toString() // what is told here is ASCII
        seen.text += text
        seen.pending += text
        const blocks = seen.pending.split('\n\n')
        seen.pending = blocks.pop() ?? ''
        for (const block of blocks) read(block)
        if (chunk.length >= left) request.destroy()
      }
      const read = (block: string) => {
        const fields = new Map(block.split('\n').flatMap((line) => (line.startsWith(':') ? [] : [[line.split(': ', 1)[0] ?? '', line.slice(line.indexOf(': ') + 2)] as const])))
        seen.lastEventId = fields.get('id') ?? seen.lastEventId
        const [id, event, data] = [fields.get('id'), fields.get('event'), fields.get('data')]
        if (data !== undefined) events.push({ ...(id !== undefined && { id }), ...(event !== undefined && { event }), data })
      }
      response.on('data', take)
      response.on('error', () => undefined)
      response.on('close', () => (seen.isOver = true))
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        events,
        get text() { return seen.text },
        get lastEventId() { return seen.lastEventId },
        get isOver() { return seen.isOver },
        pause: () => void response.pause(),
        resume: () => void response.resume(),
        cut: () => void request.destroy(),
      })
    })
    request.on('error', reject)
  })
}
