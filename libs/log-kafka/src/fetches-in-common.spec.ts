import { describe, expect, it } from '@jest/globals'
import { FetchesInCommon } from './fetches-in-common.js'
import type { Fetched, TopicReader } from './topic-reader.js'

const limits = { waitMs: 1_000, maxBytes: 100 }

/** A connection that answers when it is told to. */
function connection() {
  const asked: { readonly offset: number; readonly answer: (fetched: Fetched) => void; readonly fail: (error: Error) => void }[] = []
  const fetch: TopicReader['fetch'] = (offset) => new Promise((answer, fail) => asked.push({ offset, answer, fail }))
  return { asked, fetch }
}

const fetched = (end: number): Fetched => ({ set: Buffer.from([end]), end, sentAt: 0 })

describe('fetches in common', () => {
  it('ask once for those who wait for the same', async () => {
    const [common, one, other] = [new FetchesInCommon(), connection(), connection()]
    const answers = [one, other].map(({ fetch }) => common.of('topic', fetch)(7, limits))
    expect([one.asked.length, other.asked.length]).toEqual([1, 0])
    one.asked[0]?.answer(fetched(9))
    expect(await Promise.all(answers)).toEqual([fetched(9), fetched(9)])
  })

  it('ask anew once that is answered', async () => {
    const [common, one] = [new FetchesInCommon(), connection()]
    const ask = common.of('topic', one.fetch)
    const first = ask(7, limits)
    one.asked[0]?.answer(fetched(7))
    await first
    const second = ask(7, limits)
    one.asked[1]?.answer(fetched(8))
    expect(await second).toEqual(fetched(8))
  })

  it('are other questions at another offset, of another topic and with other limits', () => {
    const [common, one] = [new FetchesInCommon(), connection()]
    for (const ask of [
      () => common.of('topic', one.fetch)(7, limits), () => common.of('topic', one.fetch)(8, limits), () => common.of('other', one.fetch)(7, limits),
      () => common.of('topic', one.fetch)(7, { ...limits, waitMs: 0 }), () => common.of('topic', one.fetch)(7, { ...limits, maxBytes: 1 }),
    ]) void ask()
    expect(one.asked.map(({ offset }) => offset)).toEqual([7, 8, 7, 7, 7])
  })

  it('that fail, fail for all who wait, and are asked anew', async () => {
    const [common, one, other] = [new FetchesInCommon(), connection(), connection()]
    const failing = [one, other].map(({ fetch }) => common.of('topic', fetch)(7, limits))
    one.asked[0]?.fail(new Error('this connection has been closed'))
    for (const outcome of await Promise.allSettled(failing)) expect(outcome).toMatchObject({ status: 'rejected', reason: { message: 'this connection has been closed' } })
    const again = common.of('topic', other.fetch)(7, limits)
    other.asked[0]?.answer(fetched(9))
    expect(await again).toEqual(fetched(9))
  })
})
