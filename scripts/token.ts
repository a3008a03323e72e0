import { parseArgs } from 'node:util'
import { loadCorridor } from '../corridors/load.js'
import { runCommand } from './complaint.js'
import { tokenOf } from './demo-token.js'
import { readSettings } from './settings.js'
import { textTable } from './text-table.js'

const usage = `npm run -s token -- --as USER [--scope "read state"]     prints an access token of one hour for the node of the user's organisation
npm run -s token -- --list                              shows the users`

await runCommand(async (args, env) => {
  const { values } = parseArgs({ args: [...args], options: { as: { type: 'string' }, scope: { type: 'string' }, list: { type: 'boolean', default: false } } })
  const settings = readSettings(env)
  if (values.list) {
    const { users } = await loadCorridor(settings.corridorDir)
    const rows = users.map(({ user, organisation, scopes, name }) => [user, organisation, scopes.join(' '), name])
    console.log(textTable([['user', 'organisation', 'scopes', 'name'], ...rows]))
    return 0
  }
  if (values.as === undefined) {
    console.error(usage)
    return 2
  }
  console.log((await tokenOf(settings, values.as, values.scope)).token)
  return 0
})
