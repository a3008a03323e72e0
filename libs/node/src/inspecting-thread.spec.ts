import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { candidateKeysOf, inspectBatch, openRecord, publicKeyOf, type PublicKeyOf } from '#libs/signature'
import { bytesOf, isHole, type VectorFile } from '../../../scripts/vectors/vector-file.js'
import { until } from '#libs/testing'
import { compileCheckout } from '../../../test/corridor/release.js'
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
  afterAll(() => Promise.all(opened.map((one) => one.terminate())))

  it.each(vectors)('is found to be what it is found to be here, by keys found in it and by keys that were taught: %s', async (name) => {
    const values = valuesOf(name)
    const known = keysIn(values)
    const fresh = open({ program, fewest: 0 })
    expect(await fresh.begin(values, nobody)(nobody)).toEqual(await inspectBatch(values, nobody))
    for (const size of [values.length, 7, 7]) {
      for (let from = 0; from < values.length; from += size) {
        const batch = values.slice(from, from + size)
        expect(await fresh.begin(batch, nobody)(known)).toEqual(await inspectBatch(batch, known))
      }
    }
    expect(await fresh.begin(values, nobody)(nobody)).toEqual(await inspectBatch(values, nobody)) // as of another node, or before a rebuild
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
        expect(await thread.begin(values, nobody)(known)).toEqual(await inspectBatch(values, known))
      }),
      { numRuns: 200 },
    )
  })

  it('is inspected beside others, each by its own', async () => {
    const batches = vectors.map(valuesOf)
    const begun = batches.map((values) => thread.begin(values, nobody))
    const found = await Promise.all(begun.map((end, at) => end(keysIn(batches[at] ?? []))))
    expect(found).toEqual(await Promise.all(batches.map((values) => inspectBatch(values, keysIn(values)))))
  })

  it('is inspected in place when it is short, and a thread that has nothing to do ends', async () => {
    const values = valuesOf('casca.json')
    const known = keysIn(values)
    const idle = open({ program, idleMs: 50 })
    expect(await idle.begin(values.slice(0, 99), known)(known)).toEqual(await inspectBatch(values.slice(0, 99), known))
    expect(idle.isRunning).toBe(false)
    const begun = idle.begin(values, known)
    expect(idle.isRunning).toBe(true)
    expect(await begun(known)).toEqual(await inspectBatch(values, known))
    await until(() => !idle.isRunning, 10_000)
    expect(await idle.begin(values, known)(known)).toEqual(await inspectBatch(values, known))
  })

  it('is inspected in place where its thread dies, or none can be had; the next thread comes later', async () => {
    const values = valuesOf('casca.json')
    const known = keysIn(values)
    const wanted = await inspectBatch(values, known)
    const troubles: unknown[] = []
    const dying = open({ program, idleMs: 200, onTrouble: (error) => troubles.push(error) })
    const begun = dying.begin(values, known)
    await dying.terminate()
    expect(await begun(known)).toEqual(wanted)
    expect(troubles).toMatchObject([{ message: 'the inspecting thread has ended' }])
    expect(await dying.begin(values, known)(known)).toEqual(wanted)
    expect(dying.isRunning).toBe(false)
    await until(async () => {
      expect(await dying.begin(values, known)(known)).toEqual(wanted)
      return dying.isRunning
    }, 10_000)

    const broken = open({ program: new URL('data:text/javascript,throw new Error("no memory")'), onTrouble: (error) => troubles.push(error) })
    expect(await broken.begin(values, known)(known)).toEqual(wanted)
    expect(troubles.at(-1)).toMatchObject({ message: 'the inspecting thread has ended', cause: { message: 'no memory' } })
  })

  it('is what the thread found, once it was taught the keys of the register', async () => {
    const values = valuesOf('casca.json')
    const known = keysIn(values)
    const stranger = open({ program: new URL(`data:text/javascript,${encodeURIComponent(countingProgram)}`) })
    expect(await stranger.begin(values, known)(known)).toEqual(await inspectBatch(values, known))
    const found = await stranger.begin(values, known)(known)
    const kids = new Set(values.map(openRecord).flatMap((record) => (record.ok ? [record.kid] : [])))
    expect(found).toEqual(values.map(() => ({ ok: true, kid: `${kids.size} keys`, signed: false, payload: { ok: false, code: 'UTF8' } })))
  })
})

/** Answers how many keys it was taught, and before the first of them that it knows none. */
const countingProgram = `
  import { parentPort } from 'node:worker_threads'
  let keys = 0
  parentPort.on('message', ({ key, batch, packed }) => {
    if (key) return keys++
    const inspections = [...packed.lengths].map(() => ({ ok: true, kid: keys + ' keys', ...(keys > 0 && { signed: false }), payload: { ok: false, code: 'UTF8' } }))
    parentPort.postMessage({ batch, inspections: [new TextEncoder().encode(JSON.stringify(inspections))] })
  })`

const nobody: PublicKeyOf = () => undefined

/** Everybody whose key these records name. */
function keysIn(values: readonly (Uint8Array | null)[]): PublicKeyOf {
  const candidates = candidateKeysOf(values.map(openRecord))
  return (kid) => publicKeyOf(candidates.get(kid))
}
