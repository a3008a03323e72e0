import { loadCorridor } from '../corridors/load.js'
import { Complaint, runCommand } from './complaint.js'
import { tokenSource } from './demo-token.js'
import { readNodeConfigs } from './process-config.js'
import { readSettings, type Settings } from './settings.js'
import { lineOf } from './watch/event-line.js'
import { followStream } from './watch/follow-stream.js'
import { readWatchArguments } from './watch/watch-arguments.js'

const usage = `npm run watch -- --as USER [--consignment ID] [--place PLACE] [--means MEANS] [--from OFFSET]

  Tells what is stated on the consignments that the user's organisation may see, as it happens; Ctrl-C ends it.
  --place, --means   only what has to do with this place, or with this ship or train (its id, or its voyage or train index)
  --from             from this offset of the log on; from 0, or -1, it is everything from the beginning`

await runCommand(async (args, env) => {
  const asked = readWatchArguments(args)
  if (!asked) {
    console.error(usage)
    return 2
  }
  const { user, ...watched } = asked
  const settings = readSettings(env)
  const token = tokenSource(settings)
  const ending = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ending.abort())
  let isPaused = false
  await followStream(
    {
      url: await nodeOf(settings, user),
      ...watched,
      token: () => token(user),
      onEvent: (event) => {
        isPaused = false
        console.log(lineOf(event))
      },
      onPause: (why) => {
        if (!isPaused) console.error(`karvan: ${why}; trying again …`)
        isPaused = true
      },
    },
    ending.signal,
  )
  return 0
})

async function nodeOf(settings: Settings, user: string): Promise<string> {
  const { users } = await loadCorridor(settings.corridorDir)
  const organisation = users.find((one) => one.user === user)?.organisation
  if (organisation === undefined) throw new Complaint('UNKNOWN_USER', `there is no user ${user}; npm run -s token -- --list shows them.`)
  const node = readNodeConfigs(settings.dataDir).flatMap(({ nodes }) => nodes).find(({ participant }) => participant === organisation)
  if (!node) throw new Complaint('NO_NODE', `${organisation}, the organisation of ${user}, has no node.`)
  return node.url
}
