import { Agent, request } from 'node:http'

export interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

export interface Asked {
  readonly token?: string
  /** JSON text; what has one is posted. */
  readonly statement?: string
  /** How long the node may keep its answer back; 30 for a statement. */
  readonly waitSeconds?: number
}

/** As many connections as there are requests at once: nothing waits in the bench. */
const agent = new Agent({ keepAlive: true, maxSockets: Infinity, maxFreeSockets: 64 })

/** Asks a node and waits as long as it says it will at most; plain `http`, for the bench shares the cores with what it measures. */
export function ask(url: string, asked: Asked = {}): Promise<Answer> {
  const { token, statement, waitSeconds = statement === undefined ? undefined : 30 } = asked
  const headers = {
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(statement !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(statement) }),
    ...(waitSeconds !== undefined && { prefer: `wait=${waitSeconds}` }),
  }
  return new Promise((resolve, reject) => {
    const asking = request(url, { method: statement === undefined ? 'GET' : 'POST', headers, agent }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk)).once('error', reject)
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: JSON.parse(Buffer.concat(chunks).toString()) as Answer['body'] })) // every answer of the API is an object
    })
    asking.once('error', (error: NodeJS.ErrnoException) => {
      // A connection that was kept may be closed by the node in the moment in which it is used again (Node.js, request.reusedSocket).
      if (asking.reusedSocket && error.code === 'ECONNRESET') resolve(ask(url, asked))
      else reject(error)
    })
    asking.end(statement)
  })
}
