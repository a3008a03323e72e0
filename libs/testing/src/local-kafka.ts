import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startBroker, type LocalBroker } from '../../../infra/kafka/local-broker.js'
import { testRun } from './test-run.js'
import { until } from './until.js'

/**
 * Addresses of a Kafka for tests: the one KARVAN_TEST_KAFKA names, else one started for this jest run and shared by its workers and files
 * (a start takes five seconds). It ends when the run ends. Tests keep apart by topic, see `freshTopic`.
 */
export async function sharedKafka(): Promise<readonly string[]> {
  const named = process.env['KARVAN_TEST_KAFKA']
  if (named) return named.split(',')
  const { pid: run, folder } = testRun('kafka')
  const address = join(folder, 'address')
  const failure = join(folder, 'failure')
  if (!isFirst(folder)) {
    await until(() => existsSync(address) || existsSync(failure), 120_000)
    if (existsSync(failure)) throw new Error(readFileSync(failure, 'utf8'))
    return readFileSync(address, 'utf8').split(',')
  }
  try {
    const broker = await startBroker({ dataDir: join(folder, 'data'), port: await freePort(), controllerPort: await freePort(), detached: true })
    endWith(run, broker.pid, folder)
    say(address, broker.brokers.join())
    return broker.brokers
  } catch (error) {
    say(failure, String(error))
    throw error
  }
}

/** A broker of the test's own, to be killed and started again on the same folder and port. */
export async function privateKafka(): Promise<{ current(): LocalBroker; start(): Promise<void> }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'karvan-kafka-'))
  const [port, controllerPort] = [await freePort(), await freePort()]
  const open = async () => {
    const broker = await startBroker({ dataDir, port, controllerPort, detached: true })
    endWith(process.pid, broker.pid, dataDir)
    return broker
  }
  let broker = await open()
  return {
    current: () => broker,
    start: async () => {
      broker = await open()
    },
  }
}

export function freshTopic(kind: 'events' | 'particulars' = 'events'): string {
  return `test-${randomUUID().slice(0, 8)}.1.${kind}`
}

/**
 * Below the ports that outgoing connections are given (32768 and up): one of those may be taken between our asking and the server's listening.
 * Above 10080, the last of the ports that `fetch` asks nobody at (Fetch standard, "bad port"). A tenth of them for each of Jest's workers (there
 * are two), which run at the same time and know nothing of each other.
 */
const portsForServers = { from: 10_100 + 490 * (Number(process.env['JEST_WORKER_ID'] ?? 0) % 10), count: 490 }
const given = new Set<number>()

/** A port of 127.0.0.1 that is free now, that nobody is given by chance and that was not given before: its server may not listen yet. */
export async function freePort(): Promise<number> {
  for (;;) {
    if (given.size === portsForServers.count) throw new Error(`no port is left of the ${given.size} from ${portsForServers.from} on`)
    const port = portsForServers.from + Math.floor(Math.random() * portsForServers.count)
    if (given.has(port)) continue
    given.add(port)
    if (await isFree(port)) return port
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  const isListening = await new Promise<boolean>((resolve) => server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true)))
  if (isListening) await new Promise((resolve) => server.close(resolve))
  return isListening
}

function isFirst(folder: string): boolean {
  try {
    mkdirSync(folder)
    return true
  } catch {
    return false
  }
}

/** Written beside and renamed, so that nobody reads half of it. */
function say(file: string, text: string): void {
  writeFileSync(`${file}.new`, text)
  renameSync(`${file}.new`, file)
}

/** Jest ends its workers without their exit handlers, so a shell of its own watches the process that the broker belongs to. */
function endWith(owner: number, broker: number, folder: string): void {
  const watch = `gone=
    while kill -0 ${owner} 2>/dev/null; do kill -0 ${broker} 2>/dev/null || gone=yes; sleep 1; done
    [ $gone ] || kill -9 ${broker}
    sleep 1; rm -rf '${folder}'`
  spawn('sh', ['-c', watch], { detached: true, stdio: 'ignore' }).unref()
}
