import { get, type ClientRequest, type IncomingMessage } from 'node:http'
import { timeNow } from './streaming-node.js'

/** When the first and the last of all readers had an event. */
export interface Arrival {
  readonly readers: number
  readonly first: number
  readonly last: number
}

/** So many who read along at one node, each on a connection of its own. */
export class Readers {
  readonly arrivals = new Map<number, Arrival>()
  readonly #requests: ClientRequest[] = []

  /** Resolves when all are connected. */
  static async open(url: string, count: number): Promise<Readers> {
    const readers = new Readers()
    for (let opened = 0; opened < count; opened += openedAtOnce) {
      await Promise.all(Array.from({ length: Math.min(openedAtOnce, count - opened) }, () => readers.openOne(url)))
    }
    return readers
  }

  /** Of those events that all readers have. */
  lastOf(offset: number): number | undefined {
    const arrival = this.arrivals.get(offset)
    return arrival && arrival.readers >= this.#requests.length ? arrival.last : undefined
  }

  close(): void {
    for (const request of this.#requests) request.destroy()
  }

  private openOne(url: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const request = get(`${url}/v1/stream`, { headers: { authorization: 'Bearer anybody' }, agent: false }, (response) => {
        if (response.statusCode !== 200) return reject(new Error(`a reader is refused: ${response.statusCode}`))
        this.read(response)
        resolve()
      })
      request.once('error', reject)
      request.on('error', () => undefined) // it goes when we do
      this.#requests.push(request)
    })
  }

  /** An event is there when the empty line behind it is. */
  private read(response: IncomingMessage): void {
    let pending = ''
    response.on('data', (chunk: Buffer) => {
      pending += chunk.toString('latin1') // of the text only the id is read
      if (!pending.endsWith('\n\n')) return
      const at = timeNow()
      for (const event of pending.split('\n\n')) if (event.includes('\ndata: ')) this.arrived(Number(/^id: (\d+)$/m.exec(event)?.[1]), at)
      pending = ''
    })
  }

  private arrived(offset: number, at: number): void {
    const known = this.arrivals.get(offset)
    this.arrivals.set(offset, { readers: (known?.readers ?? 0) + 1, first: known?.first ?? at, last: at })
  }
}

const openedAtOnce = 50
