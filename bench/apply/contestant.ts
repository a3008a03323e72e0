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

process.on('message', (message: ToContestant) => {
  if ('apply' in message) gate.open(message.apply)
  else if ('end' in message) process.exit() // it waits at the gate with a message in its hands; database and group are for this run only
  else void start(message.open)
})

async function start(plan: Plan): Promise<void> {
  try {
    const contestant = await contestants[process.argv[2] ?? '']?.()
    if (!contestant) throw new Error(`no contestant ${process.argv[2]}`)
    await contestant.open(plan, gate)
    tell({ ready: true })
  } catch (error) {
    console.error(error)
    process.exit(1)
  }
}
