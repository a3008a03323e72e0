/** One way of applying the log, in a process of its own: `node contestant.js NAME`, told by messages what to do. */
import { Gate } from './gate.js'
import type { Contestant, FromContestant, Plan, ToContestant } from './contest.js'

const contestants: Readonly<Record<string, () => Promise<{ readonly open: Contestant }>>> = {
  'plain': async () => ({ open: (await import('../plain/contestant.js')).openPlain('save') }),
  'plain, upsert': async () => ({ open: (await import('../plain/contestant.js')).openPlain('upsert') }),
  'karvan': async () => ({ open: (await import('./karvan.js')).openKarvan }),
  'ceiling': async () => ({ open: (await import('./ceiling.js')).openCeiling }),
}

const tell = (message: FromContestant) => process.send?.(message)
const gate = new Gate((round) => tell({ round }))
let close: () => Promise<void> = () => Promise.resolve()

process.on('message', (message: ToContestant) => {
  if ('apply' in message) return gate.open(message.apply)
  const done = 'open' in message ? start(message.open) : close().finally(() => process.disconnect())
  done.catch((error: unknown) => {
    console.error(error)
    process.exit(1)
  })
})

async function start(plan: Plan): Promise<void> {
  const contestant = await contestants[process.argv[2] ?? '']?.()
  if (!contestant) throw new Error(`no contestant ${process.argv[2]}`)
  close = await contestant.open(plan, gate)
  tell({ ready: true })
}
