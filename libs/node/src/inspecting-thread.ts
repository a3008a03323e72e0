import type { KeyObject } from 'node:crypto'
import { Worker } from 'node:worker_threads'
import type { Inspection } from '#libs/consignment'
import { beginInspection, publicKeyOf, type BeginInspection, type Inspections, type PublicKeyOf } from '#libs/signature'
import { together, type FromProgram, type Packed, type ToProgram } from './inspecting-messages.js'

type Read = Extract<Inspection, { readonly ok: true }>

/** An inspection; whether it is signed is open where the thread did not know the key. */
type Opened = Exclude<Inspection, Read> | (Omit<Read, 'signed'> & { readonly signed?: boolean })

interface Asked {
  resolve(found: FromProgram): void
  reject(error: Error): void
}

export interface ThreadOptions {
  /** Told why there is no thread; what was in its hands is inspected here. */
  onTrouble?(error: unknown): void
  /** The thread's program, if not the one beside this file. */
  readonly program?: URL
  /** How batches are inspected that are not for the thread: short ones, and all while there is none. */
  readonly inPlace?: BeginInspection
  /** Batches of fewer records are inspected in place: a batch of a hundred takes ten milliseconds, as starting a thread and handing over may. */
  readonly fewest?: number
  /** A thread with nothing to do ends after so long, for it takes some 75 MB; and after one that died it takes so long until the next one. */
  readonly idleMs?: number
}

/**
 * Inspects long batches in a thread beside the one that judges, for all nodes of a process. What it finds is what `beginInspection` finds: it reads the
 * bytes, and checks signatures by keys that a register has named before; whoever ends an inspection checks the others.
 */
export class InspectingThread {
  #worker: Worker | undefined
  #noneUntil = 0
  #batches = 0
  readonly #asked = new Map<number, Asked>()
  readonly #taught = new Set<string>()
  #idle: NodeJS.Timeout | undefined
  readonly #options: Required<ThreadOptions>

  constructor(options: ThreadOptions = {}) {
    const usual = { program: new URL('./inspecting-program.js', import.meta.url), inPlace: beginInspection, fewest: 100, idleMs: 30_000 }
    this.#options = { onTrouble: () => undefined, ...usual, ...options }
  }

  readonly begin: BeginInspection = (values, known) => {
    if (values.length < this.#options.fewest || Date.now() < this.#noneUntil) return this.#options.inPlace(values, known)
    const opening = this.open(values).catch(() => undefined) // told already
    return async (knownByThen) => {
      const found = await opening
      return found ? this.ended(values, found, knownByThen) : this.#options.inPlace(values, knownByThen)(knownByThen)
    }
  }

  get isRunning(): boolean {
    return this.#worker !== undefined
  }

  /** Ends the thread where it stands, as if it had died. */
  async terminate(): Promise<void> {
    await this.#worker?.terminate()
  }

  private open(values: readonly (Uint8Array | null)[]): Promise<FromProgram> {
    return new Promise((resolve, reject) => {
      const batch = this.#batches++
      this.#asked.set(batch, { resolve, reject })
      clearTimeout(this.#idle)
      const packed = packedOf(values)
      try {
        this.#worker ??= this.start()
        this.#worker.postMessage({ batch, packed } satisfies ToProgram, [packed.bytes])
      } catch (error) {
        this.died(error) // the system has no thread to give
      }
    })
  }

  /**
   * What was signed by keys that the thread does not know, or that this register and this batch do not know (it was taught for another node of the
   * process, or before a rebuild), is inspected here. Only keys of the register are taught: anybody may name others.
   */
  private async ended(values: readonly (Uint8Array | null)[], { lists, named }: FromProgram, knownByThen: PublicKeyOf): Promise<Inspections> {
    const candidates = new Map(named)
    const keyOf = remembering((kid) => knownByThen(kid) ?? publicKeyOf(candidates.get(kid)))
    const isToCheck = (one: Opened) => one.ok && (one.signed === undefined || (one.signed && !keyOf(one.kid)))
    const read = lists.map(({ text, isOpen, kids }) => (isOpen || !kids.every((kid) => keyOf(kid)) ? (readIn(text) as Opened[]) : text))
    const open = read.flatMap((list, index) => (list instanceof Uint8Array ? [] : list.flatMap((one, at) => (isToCheck(one) ? [{ list, at, value: values[index * together + at] ?? null }] : []))))
    const inspectedHere = open.length > 0 ? await beginInspection(open.map(({ value }) => value), keyOf)(keyOf) : []
    for (const [index, { list, at }] of open.entries()) {
      const inspection = inspectedHere[index]
      if (!inspection) throw new Error('an inspection is missing')
      list[at] = inspection
      if (inspection.ok) this.teach(inspection.kid, knownByThen(inspection.kid))
    }
    return new InspectionsInTexts(read as readonly (Uint8Array<ArrayBuffer> | readonly Inspection[])[]) // those that were open have been replaced
  }

  private teach(kid: string, key: KeyObject | undefined): void {
    if (!key || !this.#worker || this.#taught.has(kid)) return
    this.#taught.add(kid)
    this.#worker.postMessage({ kid, key } satisfies ToProgram)
  }

  private start(): Worker {
    const worker = new Worker(this.#options.program)
    worker.on('message', (found: FromProgram) => {
      this.#asked.get(found.batch)?.resolve(found)
      this.#asked.delete(found.batch)
      if (this.#asked.size === 0) this.#idle = setTimeout(() => this.end(), this.#options.idleMs).unref()
    })
    let cause: unknown
    worker.on('error', (error) => (cause ??= error))
    worker.on('messageerror', (error) => {
      cause ??= error
      void worker.terminate()
    })
    worker.once('exit', () => {
      if (this.#worker === worker) this.died(new Error('the inspecting thread has ended', { cause }))
    })
    worker.unref() // a process that has nothing else to do may end; `on` for messages would hold it again
    return worker
  }

  /** What is asked from now on is asked of another one. */
  private end(): void {
    clearTimeout(this.#idle)
    void this.#worker?.terminate()
    this.#worker = undefined
    this.#taught.clear()
  }

  private died(error: unknown): void {
    this.end()
    this.#noneUntil = Date.now() + this.#options.idleMs
    this.#options.onTrouble(error)
    for (const { reject } of this.#asked.values()) reject(new Error('there is no inspecting thread', { cause: error }))
    this.#asked.clear()
  }
}

/** Bytes, which are read when it is their turn: until then they are no objects that the collector of garbage moves about. */
class InspectionsInTexts implements Inspections {
  #last: { readonly index: number; readonly list: readonly Inspection[] } | undefined

  constructor(private readonly lists: readonly (Uint8Array<ArrayBuffer> | readonly Inspection[])[]) {}

  slice(from: number, to: number): readonly Inspection[] {
    const found: Inspection[] = []
    for (let index = Math.floor(from / together); index < this.lists.length && index * together < to; index++) {
      const first = index * together
      found.push(...this.list(index).slice(Math.max(0, from - first), to - first))
    }
    return found
  }

  /** Where one part ends in it the next begins. */
  private list(index: number): readonly Inspection[] {
    if (this.#last?.index === index) return this.#last.list
    const found = this.lists[index] ?? []
    const list = found instanceof Uint8Array ? (readIn(found) as readonly Inspection[]) : found
    this.#last = { index, list }
    return list
  }
}

function readIn(text: Uint8Array<ArrayBuffer>): unknown {
  return JSON.parse(Buffer.from(text.buffer).toString()) // written by the program
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
  const met = new Map<string, KeyObject | undefined>()
  return (kid) => {
    if (!met.has(kid)) met.set(kid, keyOf(kid))
    return met.get(kid)
  }
}
