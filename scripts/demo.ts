import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { loadCorridor, loadStory } from '../corridors/load.js'
import { toldAt } from '../corridors/story.js'
import { Complaint, runCommand } from './complaint.js'
import { needCorridorFile, refuseOtherCorridor } from './corridor-file.js'
import { keepRun, newRun, readRun, runFileOf } from './demo/demo-run.js'
import { holdingsAt, type Holdings } from './demo/holders.js'
import { openStage, runAudit, storyNamed } from './demo/open-stage.js'
import { playStory, type PlayedStep } from './demo/play-story.js'
import { readSettings } from './settings.js'

const usage = `npm run demo [-- --story NAME] [--resume] [--quiet] [--json] [--no-audit]

  Plays a journey through the nodes' APIs, each step at the node of whoever states it, with that node's own user.
  --story    the name of a file in the corridor's stories/, without .json; otherwise the first that its corridor.json names
  --resume   go on with a playing that was cut short; every step keeps its idempotency key`

await runCommand(async (args, env) => {
  const flag = { type: 'boolean', default: false } as const
  const options = { story: { type: 'string' }, resume: flag, quiet: flag, json: flag, 'no-audit': flag, help: { ...flag, short: 'h' } } as const
  const { values } = parseArgs({ args: [...args], options })
  if (values.help) {
    console.log(usage)
    return 0
  }
  const settings = readSettings(env)
  needCorridorFile(settings.dataDir)
  const corridor = await loadCorridor(settings.corridorDir)
  refuseOtherCorridor(settings.dataDir, corridor.name)
  const story = await loadStory(join(settings.corridorDir, 'stories', `${storyNamed(corridor, values.story ?? corridor.stories[0])}.json`))
  const { nodeUrlOf, tokenOf } = openStage(settings, corridor)
  const file = runFileOf(settings.dataDir, story.story)
  const lastHour = Math.max(...story.steps.map(toldAt))
  const run = values.resume ? readRun(file) : newRun(new Date(Math.floor(Date.now() / 3_600_000 - lastHour - 1) * 3_600_000)) // all of it lies in the past
  keepRun(file, run)
  const show = values.json ? showJson : values.quiet ? () => undefined : showLine
  if (!values.json && !values.quiet) console.log(`${story.title}\nT0 is ${run.t0}: ${story.t0}\n`)

  const playing = playStory(story, run, { nodeUrlOf, tokenOf, keep: (state) => keepRun(file, state) })
  let last: PlayedStep | undefined
  for (let next = await playing.next(); !next.done; next = await playing.next()) {
    last = next.value
    show(last)
  }
  if (last?.deviation !== undefined) {
    if (values.quiet) showLine(last)
    return 1
  }
  const final = story.steps.at(-1)
  const opened = Object.entries(readRun(file).subjects).flatMap(([name, subject]) => story.steps.filter((step) => step.name === name).map(({ by }) => ({ subject, by })))
  if (opened.length === 0 || !final) throw new Complaint('NOTHING_PLAYED', `the story ${story.story} opens no consignment.`)
  for (const { subject, by } of opened) {
    const holdings = await holdingsAt(nodeUrlOf(by), subject, () => tokenOf(by), nodeUrlOf(final.by))
    console.log(values.json ? JSON.stringify({ consignment: subject, ...holdings }) : endOf(subject, by, holdings))
  }
  if (!values.json && !values.quiet && story.invented.length > 0) console.log(['', 'Invented or not verified:', ...story.invented.map((line) => `  ${line}`)].join('\n'))
  return values['no-audit'] ? 0 : runAudit(settings, values.json)
})

function showLine({ number, of, step, items, outcome, ms, deviation }: PlayedStep): void {
  const hour = `T${step.at < 0 ? '−' : '+'}${Math.abs(step.at)} h`
  const count = items === undefined ? '' : `${items} items`
  const told = outcome.kind === 'refused' ? `refused as told: ${outcome.status} ${outcome.code}` : 'accepted'
  const result = deviation === undefined ? told : `DEVIATES: ${deviation}`
  const time = `${ms.toFixed(0)} ms`.padStart(8)
  const facts = [`${number}/${of}`.padStart(7), hour.padStart(8), step.by.padEnd(23), step.statement.padEnd(22), count.padStart(9), time, result]
  console.log(`${facts.join('  ')}\n${' '.repeat(19)}${step.says}${lateness(step)}${step.invented ? ' (invented)' : ''}`)
}

function lateness({ at, statedAt }: PlayedStep['step']): string {
  return statedAt === undefined ? '' : ` (stated ${(statedAt - at).toFixed(0)} h late)`
}

function showJson({ step, outcome, ...rest }: PlayedStep): void {
  const { name, at, statedAt, by, statement, says, invented = false } = step
  console.log(JSON.stringify({ ...rest, name, at, statedAt, by, statement, says, invented, outcome }))
}

function endOf(subject: string, at: string, { status, holdings }: Holdings): string {
  const held = holdings.map(({ holder, items }) => `  ${holder.padEnd(23)} ${items.length} items`)
  return ['', `Consignment ${subject} is ${status}; held, as the node of ${at} has it, by`, ...held].join('\n')
}
