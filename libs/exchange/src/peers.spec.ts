import { getEventListeners } from 'node:events'
import { describe, expect, it } from '@jest/globals'
import type { Register } from '#libs/consignment'
import { Peers, type PeeringNode } from './peers.js'

const own = 'uz-uty'
const others = Array.from({ length: 20 }, (_, at) => `other-${String(at).padStart(2, '0')}`)

/** A node among twenty others that answer nothing of use; whom it asks, and how many wait on the signal then. */
function asking(ended: AbortController) {
  const asked: { readonly url: string; readonly waiting: number }[] = []
  const participants = Object.fromEntries([own, ...others].map((id) => [id, { url: `http://${id}`, suspended: false }]))
  const node = {
    participant: own,
    asking: { register: async () => ({ participants }) as unknown as Register, head: async (size: number) => ({ size, root: 'root' }) },
    get: async (url: string) => {
      asked.push({ url: new URL(url).hostname, waiting: getEventListeners(ended.signal, 'abort').length })
      if (asked.length === 8) ended.abort() // the ninth waits for its turn
      return { status: 404, body: '' }
    },
  } as unknown as PeeringNode
  return { asked, peers: new Peers(node) }
}

describe('comparing checkpoints with all other nodes', () => {
  it('asks one after the other, waits once at a time, and asks no more when it is ended', async () => {
    const ended = new AbortController()
    const { asked, peers } = asking(ended)
    await expect(peers.compareCheckpoints(10, { withinMs: 1_000, ended: ended.signal })).resolves.toEqual([])
    expect(asked.map(({ url }) => url)).toEqual(others.slice(0, 8))
    expect(Math.max(...asked.map(({ waiting }) => waiting))).toBeLessThanOrEqual(1)
    expect(getEventListeners(ended.signal, 'abort')).toHaveLength(0)
  })

  it('asks all of them where no time is told', async () => {
    const { asked, peers } = asking(new AbortController())
    await peers.compareCheckpoints(10)
    expect(asked).toHaveLength(others.length)
  })
})
