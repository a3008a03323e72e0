import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { openProperties } from './broker-properties.js'
import { brokerFlags, ensureJars, infraFolder, LocalBrokerError, runToEnd, toolFlags } from './jars.js'

export interface LocalBroker {
  readonly brokers: readonly string[]
  readonly pid: number
  /** Resolves when the process has gone, however that came about. */
  readonly exited: Promise<void>
  /** Asks it to end and waits; a restart on the same folder continues. */
  stop(): Promise<void>
  /** As a power cut would. */
  kill(): Promise<void>
}

export interface LocalBrokerOptions {
  /** Where the log lives; the same folder again continues it. */
  readonly dataDir: string
  readonly port: number
  /** Default: port + 1. */
  readonly controllerPort?: number
  readonly logLevel?: 'error' | 'warn' | 'info'
  /** server.properties, whose client listener is at `port`; default: everybody on this machine may do anything. */
  readonly properties?: string
  /** Let it outlive this process; the caller sees to its end. Otherwise it goes when this process goes. */
  readonly detached?: boolean
  /** Told the number of each process as soon as there is one; the last of them is the broker, which is not up by then. */
  readonly onSpawn?: ((pid: number) => void) | undefined
}

const acceptsWithinMs = 60_000
const endsWithinMs = 20_000

/**
 * Starts Apache Kafka as one KRaft process on 127.0.0.1, as a child of this process, and waits until it accepts connections.
 * What it says is kept in `broker.log` of the data folder. Throws LocalBrokerError: KAFKA_NO_JAVA, KAFKA_NO_MAVEN, KAFKA_JARS, PORT_BUSY, KAFKA_DIED.
 */
export async function startBroker(options: LocalBrokerOptions): Promise<LocalBroker> {
  const { dataDir, port, controllerPort = port + 1, logLevel = 'warn', detached = false, onSpawn } = options
  const jars = await ensureJars()
  for (const wanted of [port, controllerPort]) await refuseBusy(wanted)
  mkdirSync(dataDir, { recursive: true })
  const properties = join(dataDir, 'server.properties')
  writeFileSync(properties, options.properties ?? openProperties({ logDir: join(dataDir, 'log'), port, controllerPort }))
  const program = ['-cp', join(jars, '*'), `-Dlog4j2.configurationFile=${join(infraFolder(), 'log4j2.properties')}`, `-Dkarvan.kafka.level=${logLevel}`]
  if (!existsSync(join(dataDir, 'log', 'meta.properties'))) {
    await runToEnd('java', [...toolFlags, ...program, 'kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', properties], 'KAFKA_DIED', undefined, onSpawn)
  }
  const output = openSync(join(dataDir, 'broker.log'), 'a')
  const args = ['-Xms256m', '-Xmx512m', ...brokerFlags, ...program, 'kafka.Kafka', properties]
  const child = spawn('java', args, { stdio: ['ignore', output, output], detached })
  closeSync(output)
  if (child.pid !== undefined) onSpawn?.(child.pid)
  if (detached) child.unref()
  else endWithThisProcess(child)
  const broker = brokerOf(child, port)
  await untilAccepting(child, port, dataDir)
  return broker
}

/** One cluster of one process: its id distinguishes nothing. */
const clusterId = 'a2FydmFuLWxvY2FsLWxvZw'

function brokerOf(child: ChildProcess, port: number): LocalBroker {
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    child.kill(signal)
    const late = setTimeout(() => child.kill('SIGKILL'), endsWithinMs)
    await exited
    clearTimeout(late)
  }
  return { brokers: [`127.0.0.1:${port}`], pid: child.pid ?? 0, exited, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') }
}

function endWithThisProcess(child: ChildProcess): void {
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  child.once('exit', () => process.off('exit', kill))
}

async function refuseBusy(port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const probe = createServer()
    probe.once('error', () => reject(new LocalBrokerError('PORT_BUSY', `Port ${port} on 127.0.0.1 is taken; end its owner or choose another port.`)))
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve()))
  })
}

async function untilAccepting(child: ChildProcess, port: number, dataDir: string): Promise<void> {
  const deadline = Date.now() + acceptsWithinMs
  while (!(await accepts(port))) {
    const died = child.exitCode !== null || child.signalCode !== null
    if (!died && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 100))
      continue
    }
    child.kill('SIGKILL')
    throw new LocalBrokerError('KAFKA_DIED', `Kafka ${died ? 'ended' : 'did not accept connections'} while starting; see ${join(dataDir, 'broker.log')}.`)
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const answer = (open: boolean) => {
      socket.destroy()
      resolve(open)
    }
    socket.once('connect', () => answer(true))
    socket.once('error', () => answer(false))
  })
}
