import type { KeyObject } from 'node:crypto'
import { Worker } from 'node:worker_threads'
import type { Inspection } from '#libs/consignment'
import { beginInspection, candidateKeysOf, publicKeyOf, type BeginInspection, type PublicKeyOf } from '#libs/signature'
import type { FromThread, Packed, ToThread } from './inspecting-thread.js'

type Read = Extract<Inspection, { readonly ok: true }>

/** An inspection; whether it is signed is open where the thread did not know the key. */
type Opened = Exclude<Inspection, Read> | (Omit<Read, 'signed'> & { readonly signed?: boolean })

interface Asked {
  resolve(opened: readonly Opened[]): void
  reject(error: Error): void
}

export interface ThreadOptions {
  /** Where the thread's program lies, if not beside this file. */
  readonly program?: URL
  /** Batches of fewer records are inspected in place. */
  readonly fewest?: number
  /** A thread that has had nothing to do for so long is ended. */
  readonly idleMs?: number
}

/**
 * Inspects long batches in a thread beside the one that judges, for all nodes of a process; what it finds is what `beginInspection` finds. The thread
 * is started by a batch, checks signatures by keys that a register has named before, and leaves the others to whoever judges. One that dies
 * fails the batches in its hands, which are read again; the next batch starts another.
 */
export class InspectingThread {
  #worker: Worker | undefined
  #batches = 0
  readonly #asked = new Map<number, Asked>()
  readonly #taught = new Set<string>()
  readonly #program: URL
  readonly #fewest: number
  readonly #idleMs: number
  #idle: NodeJS.Timeout | undefined

  constructor({ program = new URL('./inspecting-thread.js', import.meta.url), fewest = 100, idleMs = 30_000 }: ThreadOptions = {}) {
    this.#program = program
    this.#fewest = fewest
    this.#idleMs = idleMs
  }

  readonly begin: BeginInspection = (values, publicKeyOf) => {
    if (values.length < this.#fewest) return beginInspection(values, publicKeyOf)
    const opening = this.open(values)
    opening.catch(() => undefined) // whoever ends it is told
    return async (knownByThen) => this.ended(values, await opening, knownByThen)
  }

  async close(): Promise<void> {
    await this.#worker?.terminate()
  }

  get isRunning(): boolean {
    return this.#worker !== undefined
  }

  private open(values: readonly (Uint8Array | null)[]): Promise<readonly Opened[]> {
    return new Promise((resolve, reject) => {
      const batch = this.#batches++
      this.#asked.set(batch, { resolve, reject })
      clearTimeout(this.#idle)
      const packed = packedOf(values)
      this.tell({ batch, packed }, [packed.bytes])
    })
  }

  /** Keys that only this batch names, or that the register has named since, are tried here; the register's are taught for the next time. */
  private async ended(values: readonly (Uint8Array | null)[], opened: readonly Opened[], knownByThen: PublicKeyOf): Promise<Inspection[]> {
    const open = opened.flatMap((one, at) => (one.ok && one.signed === undefined ? [at] : []))
    if (open.length === 0) return [...opened] as Inspection[] // none is open
    const candidates = candidateKeysOf(opened as readonly Inspection[]) // which reads nothing of `signed`
    const keyOf = remembering((kid) => knownByThen(kid) ?? publicKeyOf(candidates.get(kid)))
    const checked = await beginInspection(open.map((at) => values[at] ?? null), keyOf)(keyOf)
    const inspections = [...opened] as Inspection[] // those that are open are replaced
    for (const [index, inspection] of checked.entries()) {
      inspections[open[index] ?? -1] = inspection
      if (inspection.ok) this.teach(inspection.kid, knownByThen(inspection.kid))
    }
    return inspections
  }

  private teach(kid: string, key: KeyObject | undefined): void {
    if (!key || !this.#worker || this.#taught.has(kid)) return
    this.#taught.add(kid)
    this.tell({ kid, key })
  }

  private tell(message: ToThread, transfer: ArrayBuffer[] = []): void {
    this.#worker ??= this.start()
    this.#worker.postMessage(message, transfer)
  }

  private start(): Worker {
    const worker = new Worker(this.#program)
    worker.unref() // a process that has nothing else to do may end
    worker.on('message', ({ batch, inspections }: FromThread) => {
      this.#asked.get(batch)?.resolve(JSON.parse(inspections) as readonly Opened[]) // written by the thread
      this.#asked.delete(batch)
      clearTimeout(this.#idle)
      if (this.#asked.size === 0) this.#idle = setTimeout(() => this.end(), this.#idleMs).unref()
    })
    let cause: unknown
    worker.once('error', (error) => (cause = error))
    worker.once('exit', () => {
      if (this.#worker === worker) this.gone(new Error('the inspecting thread has ended', { cause }))
    })
    return worker
  }

  /** What is asked from now on is asked of another one. */
  private end(): void {
    void this.#worker?.terminate()
    this.#worker = undefined
    this.#taught.clear()
  }

  private gone(error: Error): void {
    this.end()
    for (const { reject } of this.#asked.values()) reject(error)
    this.#asked.clear()
  }
}

function packedOf(values: readonly (Uint8Array | null)[]): Packed {
  const lengths = Int32Array.from(values, (value) => value?.length ?? -1)
  const bytes = new Uint8Array(lengths.reduce((sum, length) => sum + Math.max(0, length), 0))
  let at = 0
  for (const value of values) {
    if (!value) continue
    bytes.set(value, at)
    at += value.length
  }
  return { bytes: bytes.buffer, lengths }
}

/** A key object is made once for each key. */
function remembering(keyOf: PublicKeyOf): PublicKeyOf {
  const known = new Map<string, KeyObject | undefined>()
  return (kid) => {
    if (!known.has(kid)) known.set(kid, keyOf(kid))
    return known.get(kid)
  }
}
