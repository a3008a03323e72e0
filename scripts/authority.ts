import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Register } from '#libs/consignment'
import { loadCorridor, type Corridor } from '../corridors/load.js'
import { Complaint, runCommand } from './complaint.js'
import { loadSoundCorridor } from './corridor/findings.js'
import { needCorridorFile, needCorridorFileOf, readCorridorFile } from './corridor-file.js'
import { kafkaOf, logAddressOf } from './corridor-log.js'
import { activateRules, needsRecovery, recover, registerPlaces, reportCompromised, retireKey, suspend } from './register/authority-acts.js'
import { openAuthorityKeys } from './register/authority-keys.js'
import type { AuthorityPen } from './register/authority-pen.js'
import { admit, admitShown, asAuthority, foundByCommand, keysOfNode, systemClock } from './register/founding.js'
import { openCorridorLog } from './register/open-log.js'
import { readRegister } from './register/register-reading.js'
import { agreedOn, keysShownIn } from './register/shown-keys.js'
import { readSettings, type Settings } from './settings.js'
import { textTable } from './text-table.js'

const usage = `npm run authority -- COMMAND

  found                        found the corridor and write its participants and places into the register (npm start does so); again: go on where it was cut short
  admit PARTICIPANT…           admit participants as the corridor's data say, and the first key that each node shows
  register-places              bring the register's places to what the corridor's data say
  suspend PARTICIPANT --reason TEXT
  retire-key PARTICIPANT THUMBPRINT
  compromise PARTICIPANT THUMBPRINT --from OFFSET    report a key as in other hands from that place of the log on
  recover PARTICIPANT          the new key that its node shows, where no valid one is left
  admit and recover, of one participant:
    --proof FILE               take the key from what its node answered to GET /key-proofs, instead of asking the node
    --thumbprint THUMBPRINT    only if it is this key, as agreed on by another way
  activate-rules               let the rules of this build hold from now on
  list [--json]                show the register as the log tells it`

/** The authority is a person with a command, not a node: each run takes its chain from the log, signs, appends, and waits for the verdict. */
await runCommand(async (args, env) => {
  const flag = { type: 'boolean', default: false } as const
  const text = { type: 'string' } as const
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { reason: text, from: text, proof: text, thumbprint: text, json: flag, help: { ...flag, short: 'h' } },
  })
  const [command, ...names] = positionals
  const settings = readSettings(env)
  const corridor = await loadCorridor(settings.corridorDir)
  let stated: number
  const alone = <T>(act: (pen: AuthorityPen) => Promise<T>) => asAuthority(settings, needCorridorFileOf(settings.dataDir, corridor.name), act)
  switch (command) {
    case 'found': {
      const known = readCorridorFile(settings.dataDir)
      const { id } = await foundByCommand(settings, await loadSoundCorridor(settings.corridorDir), known ? logAddressOf(settings, known) : kafkaOf(settings))
      console.log(known ? `founded before: corridor ${id}; its register is as the data say` : `founded: corridor ${id}`)
      return 0
    }
    case 'admit': {
      const participants = participantsOf(corridor, names)
      const shown = await namedKeys(corridor, settings, participants, values, env)
      stated = await alone((pen) => (shown ? admitShown(pen, corridor, settings, participants, shown) : admit(pen, corridor, settings, participants)))
      break
    }
    case 'register-places':
      stated = await alone((pen) => registerPlaces(pen, corridor))
      break
    case 'suspend':
      stated = await alone((pen) => suspend(pen, participantsOf(corridor, names), values.reason ?? asked('say why: --reason TEXT.')))
      break
    case 'retire-key':
      stated = await alone((pen) => endingKey(pen, names, retireKey))
      break
    case 'compromise': {
      const from = offsetOf(values.from)
      stated = await alone((pen) => endingKey(pen, names, (...key) => reportCompromised(...key, from)))
      break
    }
    case 'recover': {
      const participants = participantsOf(corridor, names)
      const shown = (await namedKeys(corridor, settings, participants, values, env)) ?? (await Promise.all(participants.map((participant) => keysOfNode(corridor, settings, participant))))
      const keys = openAuthorityKeys(settings.dataDir)
      stated = await alone(async (pen) => {
        let sum = 0
        for (const one of shown) sum += await recover(pen, keys, systemClock, one)
        return sum
      })
      break
    }
    case 'activate-rules':
      stated = await alone(activateRules)
      break
    case 'list':
      await list(settings, values.json)
      return 0
    default:
      console.error(usage)
      return values.help ? 0 : 2
  }
  console.log(`${[command, ...names].join(' ')}: ${stated === 0 ? 'nothing to do, the register says so already' : 'accepted'}`)
  return 0
})

function participantsOf(corridor: Corridor, names: readonly string[]): readonly string[] {
  const unknown = names.filter((name) => name === corridor.authority || !corridor.participants.some(({ participant }) => participant === name))
  if (names.length === 0) asked('name a participant.')
  if (unknown.length > 0) throw new Complaint('UNKNOWN_PARTICIPANT', `${unknown.join(', ')} has no node in the data of ${corridor.name}.`)
  return names
}

/** The key of one participant that --proof and --thumbprint name; undefined where neither is said. */
async function namedKeys(corridor: Corridor, settings: Settings, participants: readonly string[], said: { readonly proof?: string; readonly thumbprint?: string }, env: NodeJS.ProcessEnv) {
  const { proof, thumbprint } = said
  if (proof === undefined && thumbprint === undefined) return undefined
  const [participant, ...more] = participants
  if (participant === undefined || more.length > 0) return asked('--proof and --thumbprint are of one participant.')
  const fromHere = env['INIT_CWD'] ?? '' // npm runs this in the checkout, and says where it was called
  const shown = proof === undefined ? await keysOfNode(corridor, settings, participant) : keysShownIn(resolve(fromHere, proof), participant)
  return [agreedOn(shown, thumbprint)]
}

/** Retires or reports a key, and says what follows when that was its participant's last. */
async function endingKey(pen: AuthorityPen, [participant, thumbprint]: readonly string[], end: typeof retireKey): Promise<number> {
  if (participant === undefined || thumbprint === undefined) return asked('name a participant and the thumbprint of its key.')
  const stated = await end(pen, participant, thumbprint)
  if (needsRecovery(pen.register(), participant)) {
    console.log(`${participant} has no valid key left: its node can state nothing until it has a new key and \`npm run authority -- recover ${participant}\`.`)
  }
  return stated
}

function offsetOf(text: string | undefined): number {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : asked('say from where: --from OFFSET, a place of the log.')
}

function asked(sentence: string): never {
  throw new Complaint('USAGE', sentence)
}

async function list(settings: Settings, asJson: boolean): Promise<void> {
  const file = needCorridorFile(settings.dataDir)
  const log = await openCorridorLog(logAddressOf(settings, file), file.topic)
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
