import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from '@jest/globals'
import { judgingOrder, rules, rulesDigest } from '#libs/consignment'
import { faultOf, schemas } from '#libs/documents'
import { Replay, type JudgedBatch } from '#libs/exchange'
import { appendLeaf, emptyFrontier, readRecord, rootOf, splitJws } from '#libs/signature'
import { batchOf, bytesOf, isHole, type JudgedVector, type Vector, type VectorFile } from '../scripts/vectors/vector-file.js'

const folder = fileURLToPath(new URL('vectors/', import.meta.url))
const program = join(folder, 'check.py')
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as VectorFile)
const vectors = files.flatMap(({ records }) => records)
const judged = vectors.filter((vector): vector is JudgedVector => !isHole(vector))

/** What a vector says of a record, and what this judge says of it. */
type Said = Pick<JudgedVector, 'offset' | 'verdict' | 'code' | 'effects' | 'eventId' | 'leaf'> | Pick<Vector, 'offset' | 'leaf'>

function saidBy(vector: Vector): Said {
  if (isHole(vector)) return { offset: vector.offset, leaf: vector.leaf }
  const { offset, verdict, code, effects, eventId, leaf } = vector
  return { offset, verdict, code, effects, eventId, leaf }
}

function foundIn({ entries, holes }: JudgedBatch): readonly Said[] {
  const found = entries.map(({ offset, verdict, code, effects, event, leaf }): Said => ({
    offset, verdict, code, effects: JSON.parse(effects) as JudgedVector['effects'], eventId: event?.eventId ?? null, leaf: leaf.toString('base64url'),
  }))
  return [...found, ...holes.map(({ offset, leaf }): Said => ({ offset, leaf: leaf.toString('base64url') }))].sort((a, b) => a.offset - b.offset)
}

/** Judges a file from its first record in batches of so many offsets. */
async function judgeAnew({ corridor, records }: VectorFile, batchSize: number) {
  const replay = new Replay(corridor)
  const said: Said[] = []
  const roots: string[] = []
  for (let from = 0; from < records.length; from += batchSize) {
    said.push(...foundIn(await replay.apply(batchOf(records.slice(from, from + batchSize)))))
    roots.push(rootOf(replay.frontier))
  }
  return { said, roots, stateHash: replay.stateHash() }
}

describe.each(files.map((file) => [file.name, file] as const))('the vectors of %s', (_, file) => {
  it('are judged as they say, record by record', async () => {
    const { said, roots } = await judgeAnew(file, 1)
    expect(said).toEqual(file.records.map(saidBy))
    expect(roots).toEqual(file.records.map(({ root }) => root))
  })

  it.each([[2], [7], [file.records.length]])('are judged the same in batches of %d', async (batchSize) => {
    const { said, roots, stateHash } = await judgeAnew(file, batchSize)
    expect(said).toEqual(file.records.map(saidBy))
    expect(roots.at(-1)).toBe(file.records.at(-1)?.root)
    expect(stateHash).toBe((await judgeAnew(file, 1)).stateHash)
  })

  it('have the leaves of one tree', () => {
    let tree = emptyFrontier
    const roots = file.records.map(({ leaf }) => rootOf((tree = appendLeaf(tree, Buffer.from(leaf, 'base64url')))))
    expect(roots).toEqual(file.records.map(({ root }) => root))
  })
})

describe('the vectors together', () => {
  it('are of the rules that this build has: a change of the rules makes new ones (node scripts/run.mjs generate-vectors)', () => {
    const foundings = judged.filter(({ effects }) => effects.some(({ effect }) => effect === 'founded')).map(({ value }) => splitJws(bytesOf(value)?.toString() ?? ''))
    const digests = foundings.map((parts) => (JSON.parse(parts?.payload.toString() ?? '') as { data: { rulesDigest: string } }).data.rulesDigest)
    expect(digests).toEqual(files.map(() => rulesDigest()))
  })

  it('reach every check of the judging order', () => {
    const codes = new Set(judged.map(({ code }) => code?.split(':')[0]))
    const chain = ['FORK', 'EARLY'] // the two ways of failing CHAIN
    expect([...judgingOrder.filter((code) => code !== 'CHAIN'), ...chain].filter((code) => !codes.has(code))).toEqual([])
  })

  it('are known to fit their schemas before they are judged where they are accepted, and not where ENVELOPE or SCHEMA refuses them', () => {
    const fits = judged.map(({ value, verdict, code }) => {
      const record = readRecord(bytesOf(value))
      return { code: code ?? verdict, fits: record.ok && record.payload.ok && record.payload.fits === true }
    })
    const of = (...codes: string[]) => fits.filter(({ code }) => codes.includes(code)).map((one) => one.fits)
    expect(new Set(of('accepted', 'duplicate'))).toEqual(new Set([true]))
    expect(new Set(of('ENVELOPE', 'SCHEMA'))).toEqual(new Set([false]))
  })

  it('reach every rule', () => {
    const codes = new Set(judged.map(({ code }) => code))
    expect(Object.keys(rules).filter((rule) => !codes.has(`RULE:${rule}`))).toEqual([])
  })

  it('show every effect, each of the shape that is signed for', () => {
    const shown = new Set(judged.flatMap(({ effects }) => effects.map(({ effect }) => effect)))
    const { oneOf } = (schemas.effects as { $defs: { Effect: { oneOf: unknown[] } } }).$defs.Effect // our own schema
    expect(shown.size).toBe(oneOf.length)
    expect(judged.filter(({ effects }) => faultOf('effects', effects))).toEqual([])
  })

  it('stop where rules are activated that this build lacks', async () => {
    const file = files.find(({ name }) => name === 'unknown-rules')
    const { unknownRules, next } = await new Replay(file?.corridor ?? '').apply({ ...batchOf(file?.records ?? []), next: 10 })
    expect(unknownRules).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(next).toBe(file?.records.length)
  })
})

const python = spawnSync('python3', ['--version']).status === 0
if (!python) console.warn('python3 is not here: test/vectors/check.py is not run')

;(python ? describe : describe.skip)('a program without our judge', () => {
  const changed = mkdtempSync(join(tmpdir(), 'karvan-vectors-'))
  afterAll(() => rmSync(changed, { recursive: true, maxRetries: 20, retryDelay: 100 }))

  it('finds the same event ids, leaves and roots', () => {
    const { status, stdout } = spawnSync('python3', [program], { encoding: 'utf8' })
    expect(stdout).toContain(`${vectors.length} vectors checked, 0 failed`)
    expect(status).toBe(0)
  })

  const file = files.find(({ name }) => name === 'chain')
  const at = file?.records.findIndex((vector) => !isHole(vector) && vector.effects.length > 0 && vector.offset > 1) ?? 0
  const members = ['offset', 'key', 'value', 'appendTime', 'verdict', 'code', 'effects', 'eventId', 'leaf', 'root'] as const
  it.each(members)('notices a change of %s', (member) => {
    const records = file?.records.map((vector, offset) => (offset === at ? { ...vector, [member]: otherThan((vector as JudgedVector)[member]) } : vector))
    writeFileSync(join(changed, 'chain.json'), JSON.stringify({ ...file, records }))
    const { status, stdout } = spawnSync('python3', [program, changed], { encoding: 'utf8' })
    expect(stdout).toContain(`offset ${at}: `)
    expect(status).toBe(1)
  })
})

/** The least change: one letter, one more, one effect fewer. */
function otherThan(value: unknown): unknown {
  if (typeof value === 'number') return value + 1
  if (typeof value === 'string') return `${value.startsWith('A') ? 'B' : 'A'}${value.slice(1)}`
  return Array.isArray(value) ? value.slice(1) : 'RULE:NONE'
}
