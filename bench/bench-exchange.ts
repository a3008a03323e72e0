import { randomBytes } from 'node:crypto'
import { Exchange, type ExchangeParts } from '#libs/exchange'
import { generateKeyPair } from '#libs/signature'
import { signingKeyOf } from './traffic/founding.js'

/** A participant's flows over given ports: it applies and answers, makes no statements of its own and has no neighbours. */
export function benchExchange(parts: Pick<ExchangeParts, 'corridor' | 'participant' | 'events' | 'particulars' | 'ledger' | 'inspect' | 'onApplied'>): Exchange {
  const key = signingKeyOf(generateKeyPair())
  return new Exchange({
    ...parts, keys: { signature: () => key, encryption: () => [] }, clock: { now: () => Date.now() }, random: randomBytes,
    newSubject: () => '', peerGet: () => Promise.reject(new Error('the bench has no neighbours')),
    onAlarm: (code, detail) => console.error(code, detail),
  })
}
