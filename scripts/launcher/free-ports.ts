import { createServer } from 'node:net'
import { Complaint } from '../complaint.js'

export interface WantedPort {
  readonly name: string
  readonly port: number
}

/** Where another corridor runs, all of them are taken. */
const mostNamed = 4

/** Throws the complaint PORT_BUSY when one of the ports is taken; it names the first of them, and the variable that moves them all. */
export async function refuseBusyPorts(wanted: readonly WantedPort[], host = '127.0.0.1'): Promise<void> {
  const free = await Promise.all(wanted.map(({ port }) => isFree(port, host)))
  const busy = wanted.filter((_, index) => !free[index])
  if (busy.length === 0) return
  const named = busy.slice(0, mostNamed).map(({ name, port }) => `${port} (${name})`).join(', ')
  const names = busy.length > mostNamed ? `${named} and ${busy.length - mostNamed} more` : named
  const [which, verb, them] = busy.length === 1 ? ['Port', 'is', 'it'] : ['Ports', 'are', 'them']
  throw new Complaint('PORT_BUSY', `${which} ${names} on ${host} ${verb} taken; end what holds ${them}, or move all ports with KARVAN_PORT_BASE, say 14000.`)
}

function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)))
  })
}
