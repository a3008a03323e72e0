import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { refuseBusyPorts } from '../../scripts/launcher/free-ports.js'
import { readLauncherState } from '../../scripts/launcher/run-lock.js'
import { readSettings, type Settings } from '../../scripts/settings.js'

export interface NamedProcess {
  readonly name: string
  readonly pid: number
}

/** A whole corridor as `npm start` runs it, in a folder and at ports of its own, on servers of its own. */
export class StartedCorridor {
  readonly settings: Settings
  readonly #folder = mkdtempSync(join(tmpdir(), 'karvan-bench-'))
  readonly #env: NodeJS.ProcessEnv
  #launcher: { readonly child: ChildProcess; readonly exited: Promise<unknown> } | undefined
  #stopping: Promise<void> | undefined
  #closed = false

  private constructor(env: NodeJS.ProcessEnv, portBase: number) {
    const { KAFKA_BROKERS: _log, DATABASE_URL: _database, OIDC_ISSUER: _identity, KARVAN_TOPIC: _topic, ...rest } = env
    // As a script of npm's the launcher ends when we are gone, however that comes about.
    this.#env = { ...rest, KARVAN_DATA: join(this.#folder, 'data'), KARVAN_PORT_BASE: String(portBase), npm_lifecycle_event: 'start' }
    this.settings = readSettings(this.#env)
    chmodSync(this.#folder, 0o711) // PostgreSQL runs under an account of its own where we are root
    process.once('exit', () => rmSync(this.#folder, { recursive: true, force: true }))
  }

  static async prepare(env: NodeJS.ProcessEnv): Promise<StartedCorridor> {
    return new StartedCorridor(env, await freePortBase())
  }

  /** Resolves when every node is ready, with the seconds that took; a later start goes on with the same data. */
  async start(): Promise<number> {
    if (this.#closed) throw new Error('the corridor is closed')
    const since = performance.now()
    const script = join(this.settings.root, 'scripts', 'run.mjs')
    const launcher = spawn(process.execPath, [script, 'start'], { env: this.#env, stdio: ['ignore', 'pipe', 'pipe'], detached: true }) // Ctrl-C is ours to pass on
    this.#launcher = { child: launcher, exited: once(launcher, 'exit') }
    const said: string[] = []
    launcher.stderr.on('data', (chunk: Buffer) => said.push(chunk.toString()))
    return new Promise((resolve, reject) => {
      launcher.once('error', reject).once('exit', (code) => reject(new Error(`the launcher ended with ${code}:\n${said.join('\n')}`)))
      createInterface({ input: launcher.stdout }).on('line', (line) => {
        said.push(line)
        if (line === 'Ctrl-C stops the corridor.') resolve((performance.now() - since) / 1_000)
      })
    })
  }

  /** What the launcher started, and itself. */
  processes(): readonly NamedProcess[] {
    const state = readLauncherState(this.settings.dataDir)
    return state ? [{ name: 'launcher', pid: state.pid }, ...state.processes] : []
  }

  /** Whoever else asks for it waits for the same end: a second signal would be taken for impatience. */
  stop(): Promise<void> {
    return (this.#stopping ??= this.ended().finally(() => (this.#stopping = undefined)))
  }

  private async ended(): Promise<void> {
    this.#launcher?.child.kill('SIGINT')
    await this.#launcher?.exited
  }

  /** Ends it and removes what it wrote. */
  async close(): Promise<void> {
    this.#closed = true
    await this.stop()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

const lowestBase = 15_000 // above what a running corridor has, below the ports that systems lend to clients
const highestBase = 31_000
const baseStep = 500

/** A port base all of whose ports are free, beginning at another one in each process. */
async function freePortBase(): Promise<number> {
  const count = (highestBase - lowestBase) / baseStep
  for (let tried = 0; tried < count; tried++) {
    const base = lowestBase + baseStep * ((process.pid + tried) % count)
    const wanted = Array.from({ length: baseStep }, (_, index) => ({ name: '', port: base + index }))
    if (await refuseBusyPorts(wanted).then(() => true, () => false)) return base
  }
  throw new Error(`no ${baseStep} ports in a row are free`)
}
