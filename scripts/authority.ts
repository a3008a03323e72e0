import { parseArgs } from 'node:util'
import { rulesDigest, rulesVersion, type Register } from '#libs/consignment'
import { loadCorridor, type Corridor } from '../corridors/load.js'
import { Complaint, runCommand } from './complaint.js'
import { needCorridorFile, readCorridorFile } from './corridor-file.js'
import { openDataFolder } from './launcher/data-folder.js'
import type { AuthorityPen } from './register/authority-pen.js'
import { registrations } from './register/corridor-register.js'
import { admit, asAuthority, foundCorridor } from './register/founding.js'
import { openCorridorLog } from './register/open-log.js'
import { readRegister } from './register/register-reading.js'
import { readSettings, type Settings } from './settings.js'
import { textTable } from './text-table.js'

const usage = `npm run authority -- COMMAND

  found                        found the corridor and write its participants and places into the register (npm start does so)
  admit PARTICIPANT…           admit participants as the corridor's data say, and the first key that each node shows
  register-places              bring the register's places to what the corridor's data say
  suspend PARTICIPANT --reason TEXT
  retire-key PARTICIPANT THUMBPRINT
  activate-rules               let the rules of this build hold from now on
  list [--json]                show the register as the log tells it`

/** The authority is a person with a command, not a node: each run takes its chain from the log, signs, appends, and waits for the verdict. */
await runCommand(async (args, env) => {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { reason: { type: 'string' }, json: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } },
  })
  const [command, ...names] = positionals
  const settings = readSettings(env)
  const corridor = await loadCorridor(settings.corridorDir)
  const alone = (act: (pen: AuthorityPen) => Promise<void>) => asAuthority(settings, needCorridorFile(settings.dataDir), act)
  switch (command) {
    case 'found':
      if (readCorridorFile(settings.dataDir)) throw new Complaint('FOUNDED', `the corridor in ${settings.dataDir} is founded already.`)
      openDataFolder(settings.dataDir)
      console.log(`founded: corridor ${(await foundCorridor(settings, corridor)).id}`)
      return 0
    case 'admit':
      await alone((pen) => admit(pen, corridor, settings, participantsOf(corridor, names)))
      break
    case 'register-places':
      await alone((pen) => pen.state(registrations(corridor, pen.register())))
      break
    case 'suspend':
      await alone((pen) => suspend(pen, participantsOf(corridor, names), values.reason))
      break
    case 'retire-key':
      await alone((pen) => retireKey(pen, names))
      break
    case 'activate-rules':
      await alone((pen) => pen.state([{ type: 'RulesActivated', about: `version ${rulesVersion}`, data: { rulesVersion, digest: rulesDigest() } }]))
      break
    case 'list':
      await list(settings, values.json)
      return 0
    default:
      console.error(usage)
      return values.help ? 0 : 2
  }
  console.log(`${[command, ...names].join(' ')}: accepted`)
  return 0
})

function participantsOf(corridor: Corridor, names: readonly string[]): readonly string[] {
  const unknown = names.filter((name) => name === corridor.authority || !corridor.participants.some(({ participant }) => participant === name))
  if (names.length === 0) throw new Complaint('USAGE', 'name a participant.')
  if (unknown.length > 0) throw new Complaint('UNKNOWN_PARTICIPANT', `${unknown.join(', ')} has no node in the data of ${corridor.name}.`)
  return names
}

async function suspend(pen: AuthorityPen, participants: readonly string[], reason: string | undefined): Promise<void> {
  if (!reason) throw new Complaint('USAGE', 'say why: --reason TEXT.')
  const text = [{ languageId: 'en', text: reason }]
  await pen.state(participants.map((participant) => ({ type: 'ParticipantSuspended', about: participant, data: { participant, reason: text } })))
}

async function retireKey(pen: AuthorityPen, [participant, thumbprint]: readonly string[]): Promise<void> {
  if (participant === undefined || thumbprint === undefined) throw new Complaint('USAGE', 'name a participant and the thumbprint of its key.')
  await pen.state([{ type: 'KeyRetired', about: participant, data: { participant, thumbprint } }])
}

async function list(settings: Settings, asJson: boolean): Promise<void> {
  const file = needCorridorFile(settings.dataDir)
  const log = await openCorridorLog(settings.brokers ?? file.brokers, file.topic)
  try {
    const { subject, next } = await readRegister(log, file.id)
    if (!subject.register) throw new Complaint('NOT_FOUNDED', `topic ${file.topic} does not hold corridor ${file.id}.`)
    if (asJson) console.log(JSON.stringify({ corridor: file.id, next, ...subject.register }, null, 2))
    else console.log(registerTable(subject.register))
  } finally {
    await log.close()
  }
}

function registerTable({ participants, keys, places, rules }: Register): string {
  const rows = Object.entries(participants).map(([id, row]) => {
    const own = Object.entries(keys).filter(([, key]) => key.participant === id)
    const kids = own.map(([kid, { use, retired }]) => `${kid}${use === 'encryption' ? ' (encryption)' : ''}${retired === undefined ? '' : ' (retired)'}`)
    return [id, row.roles.join(' '), row.country, row.suspended ? 'suspended' : 'admitted', kids.join(' ') || 'no key']
  })
  const table = textTable([['participant', 'role', 'country', 'standing', 'keys'], ...rows])
  return `${table}\n\n${Object.keys(places).length} places; rules ${rules.version} (${rules.digest})`
}
