import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from '@jest/globals'
import { until } from '#libs/testing'
import { keepFollowing, type FollowingSession } from './keep-following.js'

const never = new Promise<never>(() => undefined)

describe('a following', () => {
  it('lets go of every batch that has been read, however long it lasts', async () => {
    const read: WeakRef<object>[] = []
    const following = keepFollowing(async (session) => {
      for (let next = 0; next < 10; next++) read.push(new WeakRef(await batchOf(session, next)))
      await session.unlessStopped(never)
    }, () => undefined)
    const collect = collector()
    await until(() => read.length === 10, 5_000)
    await until(() => {
      collect()
      return read.every((batch) => batch.deref() === undefined)
    }, 5_000)
    await following.stop()
  })

  it('waits no longer once it is stopped, for what comes and for what fails later', async () => {
    const waited: unknown[] = []
    let fail: (error: Error) => void = () => undefined
    const failing = new Promise<never>((_, reject) => (fail = reject))
    const following = keepFollowing(async (session) => {
      waited.push(...(await Promise.all([session.unlessStopped(never), session.unlessStopped(failing)])), await session.unlessStopped(never))
    }, () => undefined)
    await following.stop()
    fail(new Error('too late for anybody'))
    expect(waited).toEqual(['stopped', 'stopped', 'stopped'])
  })
})

async function batchOf(session: FollowingSession, next: number): Promise<object> {
  const batch = await session.unlessStopped(Promise.resolve({ next }))
  return batch === 'stopped' ? {} : batch
}

function collector(): () => void {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void // with that flag it is there
}
