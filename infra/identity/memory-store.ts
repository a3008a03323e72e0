import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider'

interface Stored {
  readonly model: string
  readonly payload: AdapterPayload
  readonly expiresAt: number
}

const sweepEvery = 500

/**
 * Keeps sessions, interactions, codes and grants in memory until they expire: a restart only asks people to sign in again, for tokens are checked
 * against the kept signing key. The library's own memory store forgets by number, so that scripts fetching tokens would sign people out.
 */
export function memoryStore(now: () => number = Date.now): AdapterFactory {
  const stored = new Map<string, Stored>()
  let writes = 0
  const alive = (entry: Stored | undefined) => (entry && entry.expiresAt > now() ? entry.payload : undefined)
  const first = (model: string, fits: (payload: AdapterPayload) => boolean) =>
    alive([...stored.values()].find((entry) => entry.model === model && fits(entry.payload)))

  return (model): Adapter => ({
    async upsert(id, payload, expiresIn) {
      if (++writes % sweepEvery === 0) for (const [key, entry] of stored) if (!alive(entry)) stored.delete(key)
      stored.set(`${model} ${id}`, { model, payload, expiresAt: expiresIn === undefined ? Infinity : now() + expiresIn * 1_000 })
    },
    find: async (id) => alive(stored.get(`${model} ${id}`)),
    findByUid: async (uid) => first(model, (payload) => payload.uid === uid),
    findByUserCode: async (userCode) => first(model, (payload) => payload.userCode === userCode),
    async consume(id) {
      const entry = stored.get(`${model} ${id}`)
      if (entry) stored.set(`${model} ${id}`, { ...entry, payload: { ...entry.payload, consumed: Math.floor(now() / 1_000) } })
    },
    async destroy(id) {
      stored.delete(`${model} ${id}`)
    },
    async revokeByGrantId(grantId) {
      for (const [key, entry] of stored) if (entry.model === model && entry.payload.grantId === grantId) stored.delete(key)
    },
  })
}
