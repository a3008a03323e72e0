import { spawn, type ChildProcess } from 'node:child_process'
import { chmodSync, closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import pg from 'pg'
import { until } from '#libs/testing'
import { refuseBusyPorts } from '../../scripts/launcher/free-ports.js'
import { readNodeConfigs, type NodeConfig } from '../../scripts/process-config.js'
import { readSettings, type Settings } from '../../scripts/settings.js'
import { compileCheckout, releaseIn, type Release } from './release.js'

/** How a command ended. */
export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** What `npm run -s status -- --json` prints. */
export interface Status {
  readonly corridor: string
  readonly log: { readonly kind: string; readonly brokers: readonly string[]; readonly database?: string; readonly topic: string; readonly end: number | null }
  readonly processes: readonly { readonly name: string; readonly pid: number }[]
  readonly nodes: readonly NodeStatus[]
}

export interface NodeStatus {
  readonly id: string
  readonly url: string
  readonly ready: boolean
  readonly reason?: string
  readonly next: number | null
  readonly root: string | null
}

/** A command whose lines are read while it works. */
export interface Following {
  readonly lines: readonly string[]
  readonly ended: Promise<Ended>
}

const startsWithinMs = 300_000 // with compiling and Kafka's download
const recoversWithinMs = 120_000

/**
 * A whole corridor as a user has it: the launcher and every command are processes of their own, started as package.json starts them, in a folder and at
 * ports that nobody else has.
 */
export class RunningCorridor {
  readonly #home = mkdtempSync(join(tmpdir(), 'karvan-corridor-'))
  readonly dataDir = join(this.#home, 'data')
  readonly release: Release
  #launcher: ChildProcess | undefined
  #starts = 0
  #said = ''

  private constructor(
    readonly portBase: number,
    private readonly surroundings: NodeJS.ProcessEnv,
  ) {
    chmodSync(this.#home, 0o711) // where the tests run as root, PostgreSQL does not
    this.release = releaseIn(join(this.#home, 'release'))
  }

  /** @param surroundings what its user's shell has else, or instead */
  static async open(surroundings: NodeJS.ProcessEnv = {}): Promise<RunningCorridor> {
    compileCheckout()
    const corridor = new RunningCorridor(await freePortBase(), surroundings)
    try {
      await corridor.start()
      return corridor
    } catch (error) {
      await corridor.close()
      throw error
    }
  }

  get settings(): Settings {
    return readSettings({ KARVAN_DATA: this.dataDir }, this.release.folder)
  }

  /** Starts the launcher and waits until it says that the corridor is up; answers what it said. */
  async start(more: NodeJS.ProcessEnv = {}): Promise<string> {
    this.#starts += 1
    const file = join(this.#home, `start-${this.#starts}.log`)
    const output = openSync(file, 'a')
    const env = { ...this.env(), ...more, KARVAN_PORT_BASE: String(this.portBase), npm_lifecycle_event: 'start' } // so that it ends when this process is gone
    const launcher = spawn(process.execPath, [this.script, 'start'], { env, stdio: ['ignore', output, output] })
    closeSync(output)
    this.#launcher = launcher
    const said = () => readFileSync(file, 'utf8')
    await until(() => said().includes('Ctrl-C stops the corridor.') || launcher.exitCode !== null, startsWithinMs)
    if (launcher.exitCode !== null) throw new Error(`the launcher ended with ${launcher.exitCode}:\n${said()}`)
    return (this.#said = said())
  }

  /** By the launcher, until it was up. */
  get said(): string {
    return this.#said
  }

  /** Ctrl-C; answers the launcher's exit code. */
  async stop(): Promise<number | null> {
    const launcher = this.#launcher
    if (!launcher) return null
    this.#launcher = undefined
    launcher.kill('SIGINT')
    await until(() => launcher.exitCode !== null || launcher.signalCode !== null, 60_000)
    return launcher.exitCode
  }

  async close(): Promise<void> {
    await this.stop()
    rmSync(this.#home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  }

  /** Runs a command of package.json to its end. */
  async run(name: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
    return this.follow(name, args, env).ended
  }

  follow(name: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Following {
    const child = spawn(process.execPath, [this.script, name, ...args], { env: { ...this.env(), ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
    const lines: string[] = []
    let stderr = ''
    createInterface({ input: child.stdout }).on('line', (line) => lines.push(line))
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    const ended = new Promise<Ended>((resolve, reject) => {
      child.once('error', reject).once('close', (code) => resolve({ code, stdout: lines.join('\n'), stderr }))
    })
    return { lines, ended }
  }

  async status(): Promise<Status> {
    const { stdout, stderr } = await this.run('status', ['--json'])
    if (stdout === '') throw new Error(stderr)
    return JSON.parse(stdout) as Status // the command's own output
  }

  /** Sends a signal to a process that status told of; answers its number. */
  kill(processes: Status['processes'], name: string, signal: NodeJS.Signals = 'SIGKILL'): number {
    const pid = processes.find((one) => one.name === name)?.pid
    if (pid === undefined) throw new Error(`no process is called ${name}`)
    process.kill(pid, signal)
    return pid
  }

  /** Kills a process and waits until everything is as before. */
  async restarted(name: string): Promise<void> {
    const { processes } = await this.status()
    await this.recovered(processes, this.kill(processes, name))
  }

  async killLauncher(): Promise<void> {
    const launcher = this.#launcher
    launcher?.kill('SIGKILL')
    await until(() => !launcher || launcher.signalCode !== null, 10_000)
    this.#launcher = undefined
  }

  /** Waits until all processes of before are there, others in place of the killed, and every node is ready. */
  async recovered(before: Status['processes'], ...killed: readonly number[]): Promise<void> {
    await until(async () => {
      const { processes, nodes } = await this.status()
      const isThere = ({ name }: { readonly name: string }) => processes.some((one) => one.name === name && !killed.includes(one.pid))
      return before.every(isThere) && nodes.every(({ ready }) => ready)
    }, recoversWithinMs)
  }

  get nodes(): readonly NodeConfig[] {
    return readNodeConfigs(this.dataDir).flatMap((config) => config.nodes)
  }

  node(participant: string): NodeConfig {
    const node = this.nodes.find((one) => one.participant === participant)
    if (!node) throw new Error(`${participant} has no node`)
    return node
  }

  /** Asks a node's database as its owner, who may do everything there. */
  async sql<Row extends pg.QueryResultRow>(participant: string, text: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    const client = new pg.Client({ connectionString: this.node(participant).databaseOwnerUrl })
    client.on('error', () => undefined) // the query rejects with it
    await client.connect()
    try {
      return (await client.query<Row>(text, [...values])).rows
    } finally {
      await client.end()
    }
  }

  /** Processes that came from here and live, whether or not somebody keeps a list of them: all of them inherit where the data are. */
  living(dataDir = this.dataDir): readonly string[] {
    const mark = `KARVAN_DATA=${dataDir}`
    return readdirSync('/proc').filter((pid) => /^\d+$/.test(pid)).flatMap((pid) => {
      try {
        const isOurs = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(mark)
        return isOurs ? [`${pid} ${readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ')}`] : []
      } catch {
        return [] // it ended meanwhile
      }
    })
  }

  private get script(): string {
    return join(this.release.folder, 'scripts', 'run.mjs')
  }

  /** What a user's shell has, and nothing of the test's own surroundings. */
  private env(): NodeJS.ProcessEnv {
    const { PATH, HOME, USER, JAVA_HOME, MAVEN_OPTS } = process.env
    return { PATH, HOME, USER, ...(JAVA_HOME !== undefined && { JAVA_HOME }), ...(MAVEN_OPTS !== undefined && { MAVEN_OPTS }), KARVAN_DATA: this.dataDir, ...this.surroundings }
  }
}

const lowestBase = 15_000 // above what a running corridor has, below the ports that systems lend to clients
const highestBase = 31_000
const baseStep = 500

/** A port base all of whose ports are free, beginning at another one in each process. */
async function freePortBase(): Promise<number> {
  const bases = Array.from({ length: (highestBase - lowestBase) / baseStep }, (_, index) => lowestBase + baseStep * index)
  const first = process.pid % bases.length
  for (const base of [...bases.slice(first), ...bases.slice(0, first)]) {
    const wanted = Array.from({ length: baseStep }, (_, index) => ({ name: '', port: base + index }))
    if (await refuseBusyPorts(wanted).then(() => true, () => false)) return base
  }
  throw new Error('no 500 ports in a row are free')
}
