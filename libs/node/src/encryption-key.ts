import { keyOf } from '#libs/consignment'
import { digestOf, thumbprintOf, type PublicJwk } from '#libs/documents'
import type { Clock, Exchange } from '#libs/exchange'
import { setTimeout as wait } from 'node:timers/promises'
import type { Alarms } from './alarms.js'

export interface EncryptionKeyHolder {
  readonly participant: string
  readonly keys: { readonly encryptionJwk: PublicJwk }
  readonly clock: Clock
  readonly alarms: Alarms
}

const pauseMs = 1_000
const pauseAfterRefusalMs = 60_000

/**
 * Puts the node's own encryption key into the register: only a participant itself may, so that the authority cannot make itself a reader. As soon as
 * the node may sign at all, and never twice: the key is its own idempotency key, and what the register has is not stated again.
 */
export async function stateEncryptionKey(exchange: Exchange, { participant, keys, clock, alarms }: EncryptionKeyHolder, stop: AbortSignal): Promise<void> {
  const kid = thumbprintOf(keys.encryptionJwk)
  while (!stop.aborted) {
    let pause = pauseMs
    try {
      const register = await exchange.asking.register()
      if (register && keyOf(register, kid)) return
      const result = await exchange.submit({
        type: 'KeyAdded',
        subject: 'corridor',
        waitMs: 2_000,
        body: { participant, use: 'encryption', jwk: keys.encryptionJwk, occurredAt: new Date(clock.now()).toISOString() },
        idempotency: { organisation: participant, key: `encryption key ${kid}`, bodyHash: digestOf(kid) },
      })
      if (result.kind === 'accepted') return
      if (result.kind === 'refused') {
        alarms.raise('ENCRYPTION_KEY_REFUSED', `the log refuses this node's encryption key: ${result.code}`)
        pause = pauseAfterRefusalMs
      }
    } catch (error) {
      alarms.raise('ENCRYPTION_KEY_WAITS', error instanceof Error ? error.message : String(error))
    }
    await wait(pause, undefined, { signal: stop }).catch(() => undefined) // aborted: the loop sees it
  }
}
