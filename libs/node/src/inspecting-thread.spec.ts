import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals'
import fc from 'fast-check'
import { candidateKeysOf, inspectBatch, openRecord, publicKeyOf, type Inspections, type PublicKeyOf } from '#libs/signature'
import { bytesOf, isHole, type VectorFile } from '../../../scripts/vectors/vector-file.js'
import { until } from '#libs/testing'
import { compileCheckout } from '../../../test/corridor/release.js'
import { together } from './inspecting-messages.js'
import { InspectingThread, type ThreadOptions } from './inspecting-thread.js'

const root = join(import.meta.dirname, '..', '..', '..')
const program = pathToFileURL(join(root, 'dist', 'libs', 'node', 'src', 'inspecting-program.js'))
const vectors = readdirSync(join(root, 'test', 'vectors')).filter((name) => name.endsWith('.json'))
const valuesOf = (name: string) => {
  const { records } = JSON.parse(readFileSync(join(root, 'test', 'vectors', name), 'utf8')) as VectorFile
  return records.flatMap((record) => (isHole(record) ? [] : [bytesOf(record.value)]))
}

describe('a batch inspected in a thread of its own', () => {
  let thread: InspectingThread
  const opened: InspectingThread[] = []
  const open = (options: ThreadOptions) => {
    const one = new InspectingThread(options)
    opened.push(one)
    return one
  }
  beforeAll(() => {
    compileCheckout()
    thread = open({ program, fewest: 0 })
  }, 120_000)
  afterEach(() => void jest.restoreAllMocks())
  afterAll(() => Promise.all(opened.map((one) => one.terminate())))

  it.each(vectors)('is found to be what it is found to be here, by keys found in it and by keys that were taught: %s', async (name) => {
    const values = valuesOf(name)
    const known = keysIn(values)
    const fresh = open({ program, fewest: 0 })
    expect(await found(fresh, values, nobody)).toEqual(await inspectBatch(values, nobody))
    for (const size of [values.length, 7, 7]) {
      for (let from = 0; from < values.length; from += size) {
        const batch = values.slice(from, from + size)
        expect(await found(fresh, batch, known)).toEqual(await inspectBatch(batch, known))
      }
    }
    expect(await found(fresh, values, nobody)).toEqual(await inspectBatch(values, nobody)) // as of another node, or before a rebuild
  })

  it('is so whatever the bytes', async () => {
    const records = vectors.flatMap(valuesOf).filter((value) => value !== null)
    const known = keysIn(records)
    const mutated = fc.tuple(fc.constantFrom(...records), fc.nat(), fc.nat(255)).map(([value, at, byte]) => {
      const copy = Buffer.from(value)
      copy[at % copy.length] = byte
      return copy
    })
    const value = fc.oneof(fc.constantFrom(...records), mutated, fc.constant(null), fc.uint8Array())
    await fc.assert(
      fc.asyncProperty(fc.array(value, { maxLength: 12 }), async (values) => {
        expect(await found(thread, values, known)).toEqual(await inspectBatch(values, known))
      }),
      { numRuns: 200 },
    )
  })

  it('is inspected beside others, each by its own', async () => {
    const batches = vectors.map(valuesOf)
    const begun = batches.map((values) => thread.begin(values, nobody))
    const ended = await Promise.all(begun.map((end, at) => end(keysIn(batches[at] ?? []))))
    expect(ended.map(listOf)).toEqual(await Promise.all(batches.map((values) => inspectBatch(values, keysIn(values)))))
  })

  it('is inspected in place when it is short, and a thread that has nothing to do ends', async () => {
    const values = valuesOf('casca.json')
    const known = keysIn(values)
    const idle = open({ program, idleMs: 50 })
    expect(await found(idle, values.slice(0, 99), known)).toEqual(await inspectBatch(values.slice(0, 99), known))
    expect(idle.isRunning).toBe(false)
    const begun = idle.begin(values, known)
    expect(idle.isRunning).toBe(true)
    expect(listOf(await begun(known))).toEqual(await inspectBatch(values, known))
    await until(() => !idle.isRunning, 10_000)
    expect(await found(idle, values, known)).toEqual(await inspectBatch(values, known))
  })

  it('is inspected in place where its thread dies, or none can be had; the next thread comes later', async () => {
    const values = valuesOf('casca.json')
    const known = keysIn(values)
    const wanted = await inspectBatch(values, known)
    const troubles: unknown[] = []
    const dying = open({ program, idleMs: 200, onTrouble: (error) => troubles.push(error) })
    let now = Date.now()
    jest.spyOn(Date, 'now').mockImplementation(() => now) // stands still: to inspect may take longer than the wait for another thread
    const begun = dying.begin(values, known)
    await dying.terminate()
    expect(listOf(await begun(known))).toEqual(wanted)
    expect(troubles).toMatchObject([{ message: 'the inspecting thread has ended' }])
    now += 199
    expect(await found(dying, values, known)).toEqual(wanted)
    expect(dying.isRunning).toBe(false)
    now += 1
    const next = dying.begin(values, known)
    expect(dying.isRunning).toBe(true)
    expect(listOf(await next(known))).toEqual(wanted)

    const broken = open({ program: new URL('data:text/javascript,throw new Error("no memory")'), onTrouble: (error) => troubles.push(error) })
    expect(await found(broken, values, known)).toEqual(wanted)
    expect(troubles.at(-1)).toMatchObject({ message: 'the inspecting thread has ended', cause: { message: 'no memory' } })
  })

  it('is what the thread found, once it was taught the keys of the register', async () => {
    const values = valuesOf('casca.json')
    const known = keysIn(values)
    const stranger = open({ program: new URL(`data:text/javascript,${encodeURIComponent(countingProgram)}`) })
    expect(await found(stranger, values, known)).toEqual(await inspectBatch(values, known))
    const kids = new Set(values.map(openRecord).flatMap((record) => (record.ok ? [record.kid] : [])))
    expect(await found(stranger, values, known)).toEqual(values.map(() => ({ ok: true, kid: `${kids.size} keys`, signed: false, payload: { ok: false, code: 'UTF8' } })))
  })
})

/** Answers how many keys it was taught, and before the first of them that it knows none. */
const countingProgram = `
  import { parentPort } from 'node:worker_threads'
  let keys = 0
  parentPort.on('message', ({ key, batch, packed }) => {
    if (key) return keys++
    const one = { ok: true, kid: keys + ' keys', ...(keys > 0 && { signed: false }), payload: { ok: false, code: 'UTF8' } }
    const listOf = (length) => ({ text: new TextEncoder().encode(JSON.stringify(Array(length).fill(one))), kids: [], isOpen: keys === 0 })
    const { length } = packed.lengths
    parentPort.postMessage({ batch, lists: Array.from({ length: Math.ceil(length / ${together}) }, (_, at) => listOf(Math.min(${together}, length - at * ${together}))), named: [] })
  })`

const nobody: PublicKeyOf = () => undefined

async function found(thread: InspectingThread, values: readonly (Uint8Array | null)[], known: PublicKeyOf) {
  return listOf(await thread.begin(values, nobody)(known))
}

/** In parts as a judge may ask for them: one begins where another ends, within a list and across lists. */
function listOf(inspections: Inspections) {
  const cuts = [0, 1, 40, 41, 250, Infinity]
  return cuts.slice(1).flatMap((to, at) => inspections.slice(cuts[at] ?? 0, to))
}

/** Everybody whose key these records name. */
function keysIn(values: readonly (Uint8Array | null)[]): PublicKeyOf {
  const candidates = candidateKeysOf(values.map(openRecord))
  return (kid) => publicKeyOf(candidates.get(kid))
}
