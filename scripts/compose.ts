import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { writtenBase } from '../corridors/ports.js'
import { runCommand } from './complaint.js'
import { composeFile } from './compose/compose-file.js'
import { makeDatabases } from './compose/prepare.js'
import { writeSecrets } from './compose/secrets.js'
import { secretsFolder, stackOf } from './compose/stack.js'
import { loadSoundCorridor } from './corridor/findings.js'
import { needCorridorFile } from './corridor-file.js'
import { kafkaOf } from './corridor-log.js'
import { rememberCorridor, rememberPortBase } from './launcher/data-folder.js'
import { untilReady } from './launcher/readiness.js'
import { planNodes } from './process-config.js'
import { admit, asAuthority, foundCorridor } from './register/founding.js'
import { readSettings } from './settings.js'

const usage = `npm run compose -- COMMAND

  secrets    passwords, certificates and the authority's keys for docker-compose.yml, into ${secretsFolder}/ (KARVAN_SECRETS); what is there stays
  file       write docker-compose.yml anew from the corridor's data

  In the containers: found, admit`

await runCommand(async ([command], env) => {
  const settings = readSettings(env)
  const corridor = await loadSoundCorridor(settings.corridorDir)
  const stack = stackOf(corridor, settings)
  switch (command) {
    case 'file':
      writeFileSync(join(settings.root, 'docker-compose.yml'), composeFile(stack))
      return 0
    case 'secrets': {
      const folder = resolve(settings.root, env['KARVAN_SECRETS'] ?? secretsFolder)
      writeSecrets(folder, stack)
      rememberPortBase(folder, writtenBase)
      rememberCorridor({ ...settings, dataDir: folder })
      const { uid, gid } = { uid: process.getuid?.() ?? 1000, gid: process.getgid?.() ?? 1000 }
      writeFileSync(join(settings.root, '.env'), `KARVAN_UID=${uid}\nKARVAN_GID=${gid}\n`) // docker compose reads it: who may read the secrets
      console.log(`${folder} holds the secrets of ${stack.nodes.length} nodes. It is the only copy of the authority's keys: keep it, and keep it to yourself.`)
      return 0
    }
    case 'found':
      await makeDatabases(settings, stack)
      console.log(`corridor ${(await foundCorridor(settings, corridor, kafkaOf(settings))).id}`)
      return 0
    case 'admit': {
      const file = needCorridorFile(settings.dataDir)
      const healths = await untilReady(planNodes(corridor, settings), (waiting) => asAuthority(settings, file, (pen) => admit(pen, corridor, settings, waiting)), console.log)
      const late = [...healths].filter(([, { ready }]) => !ready)
      for (const [participant, { reason }] of late) console.log(`${participant}: ${reason ?? 'not ready'}`)
      return late.length === 0 ? 0 : 1
    }
    default:
      console.error(usage)
      return command === undefined || command === '--help' ? 0 : 2
  }
})
