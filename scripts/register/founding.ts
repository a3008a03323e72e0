import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '#libs/exchange'
import type { LogAddress } from '#libs/log'
import type { Corridor } from '../../corridors/load.js'
import { Complaint } from '../complaint.js'
import { needCorridorFileOf, readCorridorFile, writeCorridorFile, type CorridorFile } from '../corridor-file.js'
import { logAddressOf, placeOf, wordsOfPlace } from '../corridor-log.js'
import { withFileLock } from '../file-lock.js'
import { openDataFolder, rememberCorridor, rememberPortBase } from '../launcher/data-folder.js'
import { opsUrlOf, planNodes } from '../process-config.js'
import type { Settings } from '../settings.js'
import { makeAuthorityKeys, openAuthorityKeys } from './authority-keys.js'
import { found, signFounding, takeUpPen, type AuthorityPen, type PenOptions } from './authority-pen.js'
import { admissions, firstKey, registrations, signatureKeysOf } from './corridor-register.js'
import { createParticularsTopic, openCorridorLog } from './open-log.js'
import { keysShownAt, type ShownKeys } from './shown-keys.js'

export const systemClock: Clock = { now: () => Date.now() }

/**
 * Founds the corridor of this data folder on a log unless it was founded before, creates its topics, and brings the register's participants and places to what
 * the corridor's data say. A founding that was cut short goes on here.
 */
export async function foundCorridor(settings: Settings, corridor: Corridor, address: LogAddress): Promise<CorridorFile> {
  const { dataDir } = settings
  const known = readCorridorFile(dataDir)
  const stem = settings.topicStem ?? `${corridor.name}.${corridor.epoch}`
  const topics = known ?? { topic: `${stem}.events`, particularsTopic: `${stem}.particulars` }
  await createParticularsTopic(address, topics.particularsTopic)
  const log = await openCorridorLog(address, topics.topic, true)
  try {
    return await withFileLock(lockFileOf(dataDir), async () => {
      const options = { log, keys: known ? openAuthorityKeys(dataDir) : makeAuthorityKeys(dataDir), clock: systemClock }
      const { name, epoch } = corridor
      const founding = () => keptFounding(dataDir, () => signFounding(options, { name, epoch, topic: topics.topic }))
      const pen = known ? await takenUp(options, known, address) : await found(options, founding())
      const file = { name, id: pen.corridor, topic: topics.topic, particularsTopic: topics.particularsTopic, epoch, ...placeOf(address) }
      writeCorridorFile(dataDir, file)
      await pen.state(admissions(corridor, pen.register(), urlsOf(corridor, settings)))
      await pen.state(registrations(corridor, pen.register()))
      return file
    })
  } finally {
    await log.close()
  }
}

/**
 * The same for an authority that has nothing here but its data folder. That remembers ports and data: a later command would otherwise put those of
 * another corridor, or another address of each node, into the register. Throws the complaints OTHER_CORRIDOR and DATA_FOLDER_FOREIGN.
 */
export async function foundByCommand(settings: Settings, corridor: Corridor, address: LogAddress): Promise<CorridorFile> {
  if (readCorridorFile(settings.dataDir)) needCorridorFileOf(settings.dataDir, corridor.name)
  openDataFolder(settings.dataDir)
  rememberPortBase(settings.dataDir, settings.portBase)
  rememberCorridor(settings)
  return foundCorridor(settings, corridor, address)
}

/** Runs an act of the authority of a corridor founded here, alone and with the register as the log has it. */
export async function asAuthority<T>(settings: Settings, file: CorridorFile, act: (pen: AuthorityPen) => Promise<T>): Promise<T> {
  const keys = openAuthorityKeys(settings.dataDir)
  const log = await openCorridorLog(logAddressOf(settings, file), file.topic)
  try {
    return await withFileLock(lockFileOf(settings.dataDir), async () => act(await takeUpPen({ log, keys, clock: systemClock }, file.id)))
  } finally {
    await log.close()
  }
}

/** Admits participants: their rows as the corridor's data say, and the first key that each node shows. Returns how many statements that took. */
export async function admit(pen: AuthorityPen, corridor: Corridor, settings: Settings, participants: readonly string[]): Promise<number> {
  const shown = await Promise.all(participants.map((participant) => keysOfNode(corridor, settings, participant).catch((error: unknown) => {
    if (signatureKeysOf(pen.register(), participant).length === 0) throw error
    return undefined // it has its key; admitting it again needs no word of its node
  })))
  return admitShown(pen, corridor, settings, participants, shown.filter((keys) => keys !== undefined))
}

/** The same with keys that were shown before, by whatever way. */
export async function admitShown(pen: AuthorityPen, corridor: Corridor, settings: Settings, participants: readonly string[], shown: readonly ShownKeys[]): Promise<number> {
  const statements = [
    ...participants.flatMap((participant) => admissions(corridor, pen.register(), urlsOf(corridor, settings), participant)),
    ...shown.flatMap((keys) => firstKey(pen.register(), keys)),
  ]
  await pen.state(statements)
  return statements.length
}

/** The keys that a participant's node shows now. Throws the complaint NODE_UNREACHABLE. */
export async function keysOfNode(corridor: Corridor, settings: Settings, participant: string): Promise<ShownKeys> {
  const plan = planNodes(corridor, settings).find((candidate) => candidate.participant === participant)
  if (!plan) throw new Error(`${participant} has no node`)
  return keysShownAt(opsUrlOf(plan), participant)
}

/** Address of each participant's node; the authority, which has none, is at nobody's. */
export function urlsOf(corridor: Corridor, settings: Settings): (participant: string) => string {
  const urls = new Map(planNodes(corridor, settings).map(({ participant, url }) => [participant, url]))
  return (participant) => urls.get(participant) ?? ''
}

/** A data folder whose log is elsewhere: say where it was. */
async function takenUp(options: PenOptions, known: CorridorFile, address: LogAddress): Promise<AuthorityPen> {
  return takeUpPen(options, known.id).catch((error: unknown) => {
    const [then, now] = [wordsOfPlace(known), wordsOfPlace(placeOf(address))]
    if (!(error instanceof Complaint) || error.code !== 'ANOTHER_LOG' || then === now) throw error
    const variable = address.kind === 'kafka' ? 'KAFKA_BROKERS' : 'DATABASE_URL'
    throw new Complaint(error.code, `${error.message} It was last on ${then}, and is now looked for on ${now}: see ${variable}.`)
  })
}

/** The founding statement of a corridor that is yet to be founded, signed and kept: its event id can be told to nodes before there is a log. */
export function preparedFounding(dataDir: string, corridor: { readonly name: string; readonly epoch: number; readonly topic: string }): string {
  const keys = makeAuthorityKeys(dataDir)
  return keptFounding(dataDir, () => signFounding({ keys, clock: systemClock }, corridor))
}

/** Written before it is appended: should this process die in between, the next one founds the same corridor and not a second one. */
function keptFounding(dataDir: string, sign: () => string): string {
  const file = join(dataDir, 'authority', 'founding.jws')
  if (!existsSync(file)) {
    writeFileSync(`${file}.new`, sign())
    renameSync(`${file}.new`, file)
  }
  return readFileSync(file, 'ascii')
}

function lockFileOf(dataDir: string): string {
  return join(dataDir, 'authority', 'lock')
}
