import { setTimeout as wait } from 'node:timers/promises'
import { healthOf } from '../node-health.js'
import { ask } from './statement-client.js'

export interface Holding {
  readonly holder: string
  readonly items: readonly string[]
}

export interface Holdings {
  readonly status: string
  readonly holdings: readonly Holding[]
}

/** Who holds what, as one node has it after everything that another node has applied. */
export async function holdingsAt(nodeUrl: string, subject: string, token: () => Promise<string>, upTo: string): Promise<Holdings> {
  const { next = 0 } = await healthOf(upTo)
  for (const deadline = Date.now() + 30_000; ((await healthOf(nodeUrl)).next ?? 0) < next && Date.now() < deadline; ) await wait(100)
  const { status, items } = await ask<{ status: string; items: readonly { id: string; holder: string }[] }>(`${nodeUrl}/v1/consignments/${subject}`, token)
  const byHolder = new Map<string, string[]>()
  for (const { id, holder } of items) byHolder.set(holder, [...(byHolder.get(holder) ?? []), id])
  return { status, holdings: [...byHolder].map(([holder, held]) => ({ holder, items: held })) }
}
