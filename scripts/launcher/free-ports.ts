import { createServer } from 'node:net'
import { Complaint } from '../complaint.js'

export interface WantedPort {
  readonly name: string
  readonly port: number
}

/** Throws the complaint PORT_BUSY when one of the ports is taken; it names the first, says how many more, and names the variable that moves them. */
export async function refuseBusyPorts(wanted: readonly WantedPort[], host = '127.0.0.1'): Promise<void> {
  const free = await Promise.all(wanted.map(({ port }) => isFree(port, host)))
  const busy = wanted.filter((_, index) => !free[index])
  if (busy.length === 0) return
  const named = busy.slice(0, mostNamed).map(({ name, port }) => `${port} (${name})`).join(', ')
  const [verb, which] = busy.length === 1 ? ['is', 'port'] : ['are', 'ports']
  const names = busy.length > mostNamed ? `${named} and ${busy.length - mostNamed} more` : named
  throw new Complaint('PORT_BUSY', `${which} ${names} ${verb} taken on ${host}; is another corridor running? KARVAN_PORT_BASE moves all ports.`)
}

/** Another corridor takes some forty ports at once: two of them tell as much as all. */
const mostNamed = 2

function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)))
  })
}
