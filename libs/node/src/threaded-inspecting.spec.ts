import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { candidateKeysOf, inspectBatch, openRecord, publicKeyOf, type PublicKeyOf } from '#libs/signature'
import { bytesOf, isHole, type VectorFile } from '../../../scripts/vectors/vector-file.js'
import { until } from '#libs/testing'
import { compileCheckout } from '../../../test/corridor/release.js'
import { InspectingThread } from './threaded-inspecting.js'

const root = join(import.meta.dirname, '..', '..', '..')
const program = pathToFileURL(join(root, 'dist', 'libs', 'node', 'src', 'inspecting-thread.js'))
const vectors = readdirSync(join(root, 'test', 'vectors')).filter((name) => name.endsWith('.json'))
const valuesOf = (name: string) => {
  const { records } = JSON.parse(readFileSync(join(root, 'test', 'vectors', name), 'utf8')) as VectorFile
  return records.flatMap((record) => (isHole(record) ? [] : [bytesOf(record.value)]))
}

describe('a batch inspected in a thread of its own', () => {
  let thread: InspectingThread
  beforeAll(() => {
    compileCheckout()
    thread = new InspectingThread({ program, fewest: 0 })
  }, 120_000)
  afterAll(() => thread.close())

  it.each(vectors)('is found to be what it is found to be here, by keys found in it and by keys that were taught: %s', async (name) => {
    const values = valuesOf(name)
    const known = keysIn(values)
    const fresh = new InspectingThread({ program, fewest: 0 })
    expect(await fresh.begin(values, nobody)(nobody)).toEqual(await inspectBatch(values, nobody))
    for (const size of [values.length, 7, 7]) {
      for (let from = 0; from < values.length; from += size) {
        const batch = values.slice(from, from + size)
        expect(await fresh.begin(batch, nobody)(known)).toEqual(await inspectBatch(batch, known))
      }
    }
    await fresh.close()
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
    const idle = new InspectingThread({ program, idleMs: 50 })
    expect(await idle.begin(values.slice(0, 99), known)(known)).toEqual(await inspectBatch(values.slice(0, 99), known))
    expect(idle.isRunning).toBe(false)
    const begun = idle.begin(values, known)
    expect(idle.isRunning).toBe(true)
    expect(await begun(known)).toEqual(await inspectBatch(values, known))
    await until(() => !idle.isRunning, 10_000)
    expect(await idle.begin(values, known)(known)).toEqual(await inspectBatch(values, known))
  })

  it('fails when the thread dies, and the next one is inspected by another', async () => {
    const values = valuesOf('casca.json')
    const begun = thread.begin(values, nobody)
    await thread.close()
    await expect(begun(nobody)).rejects.toThrow('the inspecting thread has ended')
    expect(await thread.begin(values, nobody)(keysIn(values))).toEqual(await inspectBatch(values, keysIn(values)))
    const broken = new InspectingThread({ program: new URL('data:text/javascript,throw new Error("no memory")') })
    await expect(broken.begin(values, nobody)(nobody)).rejects.toMatchObject({ message: 'the inspecting thread has ended', cause: expect.objectContaining({ message: 'no memory' }) })
  })
})

const nobody: PublicKeyOf = () => undefined

/** Everybody whose key these records name. */
function keysIn(values: readonly (Uint8Array | null)[]): PublicKeyOf {
  const candidates = candidateKeysOf(values.map(openRecord))
  return (kid) => publicKeyOf(candidates.get(kid))
}
