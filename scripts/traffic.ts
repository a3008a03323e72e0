import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { loadCorridor, loadStory } from '../corridors/load.js'
import { chanceFrom } from '../corridors/traffic/chance.js'
import { journeys } from '../corridors/traffic/journeys.js'
import { Complaint, runCommand } from './complaint.js'
import { needCorridorFile, refuseOtherCorridor } from './corridor-file.js'
import { openStage, runAudit, storyNamed } from './demo/open-stage.js'
import { readSettings } from './settings.js'
import { textTable } from './text-table.js'
import { playTraffic } from './traffic/play-traffic.js'
import { TallyKeeper, type Tally } from './traffic/tally.js'

const usage = `npm run traffic -- [--trains 4] [--rate 3] [--seed 1] [--story NAME] [--json] [--no-audit]

  Life on a running corridor: journeys of all its stories beside each other, each with other boxes, wagons and seals, through the nodes' public APIs.
  Departures are late, boxes are taken over with reservations, customs hold some for hours, wrong reports are corrected.
  --trains   how many journeys; up to 32 are under way at a time
  --rate     statements a second, all together
  --seed     the same seed makes the same journeys
  --story    of this story only

  Exit 0 when every statement was decided as told and the audit finds all nodes equal.`

const progressMs = 5_000

await runCommand(async (args, env) => {
  const flag = { type: 'boolean', default: false } as const
  const number = (value: string) => ({ type: 'string', default: value }) as const
  const options = { trains: number('4'), rate: number('3'), seed: number('1'), story: { type: 'string' }, json: flag, 'no-audit': flag, help: { ...flag, short: 'h' } } as const
  const { values } = parseArgs({ args: [...args], options })
  if (values.help) {
    console.log(usage)
    return 0
  }
  const [trains, rate, seed] = [positive('trains', values.trains, 100_000), positive('rate', values.rate, 10_000), positive('seed', values.seed, Number.MAX_SAFE_INTEGER)]
  const settings = readSettings(env)
  needCorridorFile(settings.dataDir)
  const corridor = await loadCorridor(settings.corridorDir)
  refuseOtherCorridor(settings.dataDir, corridor.name)
  const names = values.story === undefined ? corridor.stories : [storyNamed(corridor, values.story)]
  const stories = await Promise.all(names.map((name) => loadStory(join(settings.corridorDir, 'stories', `${name}.json`))))

  const tally = new TallyKeeper(() => performance.now())
  const say = (line: string) => (values.json ? console.error(line) : console.log(line)) // standard output stays one JSON text
  const stopping = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort())
  say(`${trains} journeys on ${corridor.name}, ${rate} statements a second, seed ${seed}`)
  const progress = setInterval(() => say(progressLine(tally.tally(), trains)), progressMs)
  try {
    const traffic = { journeys: trains, rate, next: journeys(stories, chanceFrom(seed)), stage: openStage(settings, corridor), tally, now: () => new Date(), stop: stopping.signal }
    await playTraffic({ ...traffic, onStranded: (why) => say(`  STRANDED ${why}`) })
  } finally {
    clearInterval(progress)
  }
  const end = tally.tally()
  console.log(values.json ? JSON.stringify(end) : described(end, trains))
  const failed = end.stranded.length > 0 ? 1 : 0
  if (stopping.signal.aborted) return 130
  return values['no-audit'] ? failed : Math.max(failed, await runAudit(settings, values.json))
})

function positive(name: string, value: string, most: number): number {
  const number = Number(value)
  if (!Number.isFinite(number) || number <= 0 || number > most || (name !== 'rate' && !Number.isInteger(number))) throw new Complaint('USAGE', `--${name} is a ${name === 'rate' ? '' : 'whole '}number above 0, at most ${most}, not ${value}.`)
  return number
}

function progressLine({ statements, perSecond, underWay, delivered, stranded }: Tally, trains: number): string {
  const lost = stranded.length > 0 ? `, ${stranded.length} stranded` : ''
  return `${String(statements).padStart(8)} statements  ${perSecond.toFixed(1).padStart(6)}/s  ${underWay} under way, ${delivered} of ${trains} delivered${lost}`
}

function described(tally: Tally, trains: number): string {
  const rows = Object.entries(tally.byType).map(([type, { accepted, refused }]) => [type, String(accepted), String(refused)])
  const sum = (verdict: 'accepted' | 'refused') => String(Object.values(tally.byType).reduce((all, row) => all + row[verdict], 0))
  const { delay, reservation, hold, correction } = tally.troubles
  return `
${textTable([['statement', 'accepted', 'refused'], ...rows, ['all', sum('accepted'), sum('refused')]])}

${progressLine(tally, trains).trim()}
answered in ${tally.answeredMs.p50} ms (p50), ${tally.answeredMs.p99} ms (p99); ${delay} departures late, ${reservation} reservations, ${hold} holds, ${correction} corrections
`
}
