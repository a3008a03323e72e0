import { createSecretKey } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { bytesOf, isHole, type VectorFile } from '../../../scripts/vectors/vector-file.js'
import { candidateKeysOf, inspectBatch, openRecord, type PublicKeyOf } from './inspect.js'
import { publicKeyOf } from './keys.js'
import { rememberingInspection } from './remembering-inspection.js'

const folder = join(import.meta.dirname, '..', '..', '..', 'test', 'vectors')
const values = readdirSync(folder).filter((name) => name.endsWith('.json')).flatMap((name) => {
  const { records } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as VectorFile
  return records.flatMap((record) => (isHole(record) ? [] : [bytesOf(record.value)]))
})
const candidates = candidateKeysOf(values.map(openRecord))
const everybody: PublicKeyOf = (kid) => publicKeyOf(candidates.get(kid))
const nobody: PublicKeyOf = () => undefined

describe('an inspection that remembers', () => {
  it.each([2 ** 20, 5_000, 0])('finds what one that does not finds, whoever asks and however the log is cut, with %d bytes', async (mostBytes) => {
    const inspect = rememberingInspection(5, mostBytes)
    const askers = [[20, everybody, everybody], [1, nobody, everybody], [23, nobody, nobody], [values.length, everybody, everybody], [3, everybody, nobody]] as const
    for (const [size, known, knownByThen] of askers) {
      for (let from = 0; from < values.length; from += size) {
        const batch = values.slice(from, from + size)
        expect(await inspect(batch, known)(knownByThen)).toEqual(await inspectBatch(batch, known === everybody ? known : knownByThen))
      }
    }
  })

  it('does so whatever the bytes, beside others', async () => {
    const records = values.filter((value) => value !== null)
    const mutated = fc.tuple(fc.constantFrom(...records), fc.nat(), fc.nat(255)).map(([value, at, byte]) => {
      const copy = Buffer.from(value)
      copy[at % copy.length] = byte
      return copy
    })
    const inspect = rememberingInspection(2, 50_000)
    const value = fc.oneof(fc.constantFrom(...records), mutated, fc.constant(null), fc.uint8Array())
    const batch = fc.oneof(fc.array(value, { maxLength: 8 }), fc.array(value, { minLength: 17, maxLength: 24 })) // more than sixteen are checked in the thread pool
    await fc.assert(
      fc.asyncProperty(batch, fc.constantFrom(everybody, nobody), async (asked, known) => {
        const [first, second] = [inspect(asked, known), inspect(asked, nobody)]
        const wanted = await inspectBatch(asked, known)
        expect(await Promise.all([first(known), second(known)])).toEqual([wanted, wanted])
      }),
      { numRuns: 100 },
    )
  })

  it('reads a record once for all, as long as it has room', async () => {
    const [one, other] = values.filter((value) => value !== null && openRecord(value).ok)
    if (!one || !other) throw new Error('there are vectors that can be read')
    const payloadOf = async (inspect: ReturnType<typeof rememberingInspection>) => {
      const [inspection] = (await inspect([Buffer.from(one)], everybody)(everybody)).slice(0, 1)
      return inspection?.ok ? inspection.payload : undefined
    }
    const roomy = rememberingInspection(2)
    const first = await payloadOf(roomy)
    expect(await payloadOf(roomy)).toBe(first)
    expect(await payloadOf(roomy)).not.toBe(first) // both have it
    const lone = rememberingInspection(1)
    expect(await payloadOf(lone)).not.toBe(await payloadOf(lone))
    const small = rememberingInspection(9, Math.max(one.length, other.length))
    const before = await payloadOf(small)
    expect(await payloadOf(small)).toBe(before)
    await small([other], everybody)(everybody)
    expect(await payloadOf(small)).not.toBe(before)
  })

  it.each([1, 6])('does not remember that a machine failed to check a signature, %d at once', async (many) => {
    const signed = (await Promise.all(values.map(async (value) => ({ value, inspection: (await inspectBatch([value], everybody))[0] })))).filter(({ inspection }) => inspection?.ok && inspection.signed)
    const batch = signed.slice(0, many).map(({ value }) => value)
    const inspect = rememberingInspection(2)
    await expect(inspect(batch, () => createSecretKey(Buffer.alloc(32)))(everybody)).rejects.toThrow()
    expect(await inspect(batch, everybody)(everybody)).toEqual(signed.slice(0, many).map(({ inspection }) => inspection))
  })
})
