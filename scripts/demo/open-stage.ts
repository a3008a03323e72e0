import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Corridor } from '../../corridors/load.js'
import { Complaint } from '../complaint.js'
import { tokenSource } from '../demo-token.js'
import { planNodes } from '../process-config.js'
import type { Settings } from '../settings.js'
import type { Stage } from './play-story.js'

/** The nodes of the corridor that runs here, and for each participant somebody who may state for it. */
export function openStage(settings: Settings, corridor: Corridor): Pick<Stage, 'nodeUrlOf' | 'tokenOf'> {
  const urls = new Map(planNodes(corridor, settings).map(({ participant, url }) => [participant, url]))
  const users = new Map(corridor.users.filter(({ scopes }) => scopes.includes('state')).map(({ organisation, user }) => [organisation, user]))
  const tokenFor = tokenSource(settings)
  return {
    nodeUrlOf: (participant) => urls.get(participant) ?? missing(`${participant} has no node`),
    tokenOf: (participant) => tokenFor(users.get(participant) ?? missing(`${participant} has no user`)),
  }
}

/** Throws the complaint NO_STORY for one that the corridor does not tell. */
export function storyNamed({ stories }: Corridor, asked: string | undefined): string {
  const name = stories.find((one) => one === asked)
  if (name === undefined) throw new Complaint('NO_STORY', `this corridor tells no story ${asked ?? ''}: it has ${stories.join(', ') || 'none'}.`)
  return name
}

/** The audit is a command of its own: anybody can run it, with no more than the log and the nodes' public answers. */
export function runAudit({ root }: Settings, asJson: boolean): Promise<number> {
  const output = asJson ? 2 : 1 // standard output stays one JSON text a line
  const child = spawn(process.execPath, [join(root, 'scripts', 'run.mjs'), 'audit'], { stdio: ['ignore', output, 2] })
  return new Promise((resolve, reject) => child.once('error', reject).once('close', (code) => resolve(code ?? 1)))
}

function missing(what: string): never {
  throw new Complaint('STORY_STRANGER', `${what} in this corridor.`)
}
