import { parseArgs } from 'node:util'
import { loadCorridor } from '../corridors/load.js'
import { Complaint, runCommand } from './complaint.js'
import { tokenSource } from './demo-token.js'
import { readNodeConfigs } from './process-config.js'
import { readSettings, type Settings } from './settings.js'
import { lineOf } from './watch/event-line.js'
import { followStream } from './watch/follow-stream.js'

const usage = `npm run watch -- --as USER [--consignment ID] [--from OFFSET]     tells what is stated on the consignments that the user's organisation may see,
                                                                  as it happens or from a place in the log on; Ctrl-C ends it`

await runCommand(async (args, env) => {
  const { values } = parseArgs({ args: [...args], options: { as: { type: 'string' }, consignment: { type: 'string' }, from: { type: 'string' } } })
  const { as: user, consignment, from } = values
  if (user === undefined || (from !== undefined && !/^[0-9]{1,15}$/.test(from))) {
    console.error(usage)
    return 2
  }
  const settings = readSettings(env)
  const token = tokenSource(settings)
  const ending = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ending.abort())
  let isPaused = false
  await followStream(
    {
      url: await nodeOf(settings, user),
      ...(consignment !== undefined && { consignment }),
      ...(from !== undefined && { from: Number(from) }),
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
