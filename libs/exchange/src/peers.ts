import { setTimeout as wait } from 'node:timers/promises'
import { keyCounts, keyOf, type Register } from '#libs/consignment'
import { newNonce, signRequest, verifyCheckpoint, verifyRequest } from '#libs/signature'
import type { Asking } from './asking.js'
import { encryptFor } from './drafting.js'
import type { StateCache } from './state-cache.js'
import { openWithAny } from './reading-particulars.js'
import { statesNow } from './preparing.js'
import type { BlockNeed, Clock, KeyStore, Ledger } from './ports.js'

/** One HTTP GET to another node; throws when it cannot be reached. */
export type PeerGet = (url: string, headers?: Readonly<Record<string, string>>) => Promise<{ readonly status: number; readonly body: string }>

export interface PeeringNode {
  readonly corridor: string
  readonly epoch: number
  readonly participant: string
  readonly ledger: Ledger
  readonly keys: KeyStore
  readonly clock: Clock
  readonly random: (bytes: number) => Uint8Array
  readonly asking: Asking
  readonly cache: StateCache
  readonly get: PeerGet
  onAlarm(code: string, detail: string): void
}

export interface Compared {
  readonly participant: string
  readonly equal: boolean
  /** Of the leaves, where they differ. */
  readonly firstDifference?: number
}

/** Asking spread over a time. */
interface Spread {
  readonly withinMs: number
  readonly ended: AbortSignal
}

export const requestHeader = 'karvan-request'
const toleranceSeconds = 120
const leavesAPage = 1_000

export function blockPath(subject: string, digest: string): string {
  return `/v1/consignments/${subject}/blocks/${digest}`
}

/** What nodes ask each other directly, since the log cannot be trusted to deliver it: blocks that are missing, and each other's checkpoints. */
export class Peers {
  constructor(private readonly node: PeeringNode) {}

  /** Asks for every missing block, first its issuer, then its other readers. Returns how many came. */
  async fetchMissingBlocks(): Promise<number> {
    const { ledger } = this.node
    const missing = await ledger.missingBlocks()
    const register = missing.length > 0 ? await this.node.asking.register() : undefined
    let found = 0
    for (const need of register ? missing : []) {
      const plaintext = register && (await this.askFor(need, register))
      if (plaintext === undefined) continue
      await ledger.keepBlocks(await ledger.particularsCursor(), [{ digest: need.digest, plaintext }])
      found++
    }
    return found
  }

  private async askFor(need: BlockNeed, register: Register): Promise<string | undefined> {
    const { corridor, participant, clock, random, keys } = this.node
    for (const audience of new Set([need.issuer, ...need.readers])) {
      const url = register.participants[audience]?.url
      if (audience === participant || !url) continue
      const path = blockPath(need.subject, need.digest)
      const request = signRequest({ corridor, issuer: participant, audience, method: 'GET', path, iat: Math.floor(clock.now() / 1_000), nonce: newNonce(random) }, keys.signature())
      try {
        const { status, body } = await this.node.get(`${url}${path}`, { [requestHeader]: request })
        const plaintext = status === 200 ? await openWithAny(body, need.digest, keys) : undefined
        if (plaintext !== undefined) return plaintext
      } catch {
        continue // that node is not reachable now; the next asking tries it again
      }
    }
    return undefined
  }

  /** Answers another node's signed request for a block: the JWE for that node, or undefined when it is no reader or the block is not here. */
  async answerBlockRequest(subject: string, digest: string, request: string): Promise<string | undefined> {
    const { corridor, participant, clock, ledger, cache, asking } = this.node
    const register = await asking.register()
    if (!register) return undefined
    const verified = verifyRequest(request, (kid) => (keyCounts(register, kid) ? cache.keysOf(register)(kid) : undefined), {
      corridor, audience: participant, method: 'GET', path: blockPath(subject, digest), nowSeconds: Math.floor(clock.now() / 1_000), toleranceSeconds, ownerOf: (kid) => keyOf(register, kid)?.participant,
    })
    if (!verified.ok) return undefined
    const readers = (await statesNow(ledger, cache, [subject])).get(subject)?.consignment?.blocks
    if (!readers || !Object.hasOwn(readers, digest) || !readers[digest]?.includes(verified.payload.issuer)) return undefined
    const plaintext = (await ledger.blocks([digest])).get(digest)
    if (plaintext === undefined || !isOf(subject, plaintext)) return undefined
    return (await encryptFor(plaintext, register, [verified.payload.issuer])) ?? undefined
  }

  /**
   * Compares this node's tree with every other node's at a size, by their signed checkpoints. A difference is an alarm that names the first differing
   * leaf; two checkpoints of one node for one size are proof of fraud and cannot be hidden, since each is signed.
   * @param spread asks them one after the other, evenly in a time, and no more once that has ended; all at once without it
   * @returns of those that had an answer
   */
  async compareCheckpoints(size: number, spread?: Spread): Promise<readonly Compared[]> {
    const register = await this.node.asking.register()
    const own = await this.node.asking.head(size)
    if (!register || !own) return []
    let turn = Promise.resolve(true)
    const compared = await Promise.all(this.othersOf(register).map(async ([id, { url }], at, { length }) => {
      if (spread) turn = turn.then((goesOn) => goesOn && hasPassed(at === 0 ? 0 : spread.withinMs / length, spread.ended)) // one waits on the signal at a time
      return (await turn) ? this.compareWith(id, url, own) : undefined
    }))
    return compared.flatMap((one) => (one ? [one] : []))
  }

  /** Nodes to compare with, those behind this one first: where all nodes begin at once, they do not all ask the same one. */
  private othersOf({ participants }: Register): readonly (readonly [string, { readonly url: string }])[] {
    const { participant } = this.node
    const all = Object.entries(participants)
    const own = all.findIndex(([id]) => id === participant)
    return [...all.slice(own + 1), ...all.slice(0, own + 1)].filter(([id, { url, suspended }]) => id !== participant && url !== '' && !suspended)
  }

  private async compareWith(participant: string, url: string, own: { readonly size: number; readonly root: string }): Promise<Compared | undefined> {
    const { status, body } = await this.node.get(`${url}/v1/checkpoint?size=${own.size}`).catch(() => ({ status: 0, body: '' }))
    const register = await this.node.asking.register() // as it is now: a key may have been admitted since the comparison began
    if (status !== 200 || !register) return undefined // down, or not that far yet
    const verified = verifyCheckpoint(checkpointOf(body), (kid) => {
      const key = keyOf(register, kid)
      return key?.participant === participant && key.use === 'signature' ? this.node.cache.keysOf(register)(kid) : undefined
    })
    if (!verified.ok) {
      this.node.onAlarm('CHECKPOINT_UNVERIFIED', `${participant} answers with a checkpoint that is not its own (${verified.code})`)
      return { participant, equal: false }
    }
    const { corridor, epoch, size, root } = verified.payload
    if (corridor !== this.node.corridor || epoch !== this.node.epoch || size !== own.size) return undefined
    if (root === own.root) return { participant, equal: true }
    const firstDifference = await this.firstDifference(url, own.size)
    this.node.onAlarm('CHECKPOINT_MISMATCH', `${participant} signed another root for size ${size}: ${root}, here ${own.root}; first differing leaf ${firstDifference ?? 'not found: its leaves do not make its root'}`)
    return { participant, equal: false, ...(firstDifference !== undefined && { firstDifference }) }
  }

  private async firstDifference(url: string, size: number): Promise<number | undefined> {
    for (let from = 0; from < size; from += leavesAPage) {
      const to = Math.min(size, from + leavesAPage)
      const own = await this.node.ledger.leaves(from, to)
      const { status, body } = await this.node.get(`${url}/v1/leaves?from=${from}&to=${to}`).catch(() => ({ status: 0, body: '' }))
      const theirs = status === 200 ? leavesOf(body) : []
      const index = own.findIndex((leaf, at) => leaf.toString('base64url') !== theirs[at])
      if (index >= 0) return from + index
    }
    return undefined
  }
}

/** A block says whose it is: anybody may name a digest that stands in the log on a note of his own, and be a reader there. */
function isOf(subject: string, plaintext: string): boolean {
  return textMember(plaintext, 'consignmentId') === subject
}

/** Whether so much time passed before the end. */
function hasPassed(ms: number, ended: AbortSignal): Promise<boolean> {
  return wait(ms, true, { signal: ended, ref: false }).catch(() => false)
}

function checkpointOf(body: string): string {
  return textMember(body, 'checkpoint')
}

function leavesOf(body: string): readonly unknown[] {
  try {
    const leaves = (JSON.parse(body) as { leaves?: unknown } | null)?.leaves
    return Array.isArray(leaves) ? leaves : []
  } catch {
    return []
  }
}

function textMember(body: string, name: string): string {
  try {
    const value = (JSON.parse(body) as Record<string, unknown> | null)?.[name]
    return typeof value === 'string' ? value : ''
  } catch {
    return ''
  }
}
