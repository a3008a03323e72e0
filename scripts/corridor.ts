import { existsSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { checkCorridor } from '../corridors/check/check-corridor.js'
import { Complaint, runCommand } from './complaint.js'
import { countsOf, described } from './corridor/findings.js'
import { readSettings } from './settings.js'

const usage = `npm run corridor -- check [FOLDER] [--json] [--quiet]

  Looks through a corridor's folder before anybody founds it: the shape of its files, codes and check digits, references between files, the route
  and every step of its stories. FOLDER is one of corridors/ or any other; without it the one of KARVAN_CORRIDOR or of the data folder.
  --json    the findings as one JSON text
  --quiet   errors only, without what the folder itself calls unverified

  Exit 0 without errors, 1 with, 2 when there is nothing to look at.`

await runCommand(async (args, env) => {
  const flag = { type: 'boolean', default: false } as const
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: { json: flag, quiet: flag, help: { ...flag, short: 'h' } } })
  const [command, name, ...more] = positionals
  if (values.help) {
    console.log(usage)
    return 0
  }
  if (command !== 'check' || more.length > 0) throw new Complaint('USAGE', `the command is check, with one folder:\n${usage}`)
  const folder = folderOf(name, env)
  const findings = await checkCorridor(folder)
  const counts = countsOf(findings)
  const shown = values.quiet ? findings.filter(({ level }) => level === 'error') : findings
  console.log(values.json ? JSON.stringify({ folder, ...counts, findings: shown }) : described(relative(process.cwd(), folder) || '.', findings, shown))
  return counts.errors > 0 ? 1 : 0
}, 2)

/** A folder of corridors/ by its name, or any folder by its path. */
function folderOf(name: string | undefined, env: NodeJS.ProcessEnv): string {
  if (name === undefined) return readSettings(env).corridorDir
  const { root } = readSettings({ ...env, KARVAN_CORRIDOR: undefined })
  const folder = [join(root, 'corridors', name), resolve(name)].find((candidate) => existsSync(candidate))
  if (folder === undefined) throw new Complaint('NO_FOLDER', `there is no folder ${name}, neither here nor in ${join(root, 'corridors')}.`)
  return folder
}
