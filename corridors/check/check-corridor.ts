import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Corridor, CorridorParticipant, CorridorPlace, CorridorUser } from '../load.js'
import type { Story } from '../story.js'
import { openNotebook, Words, type Finding, type Noted } from './finding.js'
import { checkJudged } from './judged.js'
import { linesOf } from './line-of.js'
import { hasShape, readCorridorFile, rowsOf, type Row } from './read-file.js'
import { checkParticipants, checkPlaces, checkUsers } from './register.js'
import { corridorErrors, participantErrors, participantsErrors, placeErrors, placesErrors, userErrors, usersErrors } from './shapes.js'
import { checkStory, type Surroundings } from './story.js'

type Head = Pick<Corridor, 'name' | 'title' | 'epoch' | 'countries' | 'outside' | 'names' | 'authority' | 'host' | 'stories'>

/**
 * Everything that is wrong with a corridor's folder, and everything its own data call unverified. What one file says is held against the others; where
 * nothing is wrong, each story is told to the judge, who must accept and refuse as told. Reads the folder and nothing else.
 */
export async function checkCorridor(folder: string): Promise<readonly Finding[]> {
  const findings: Noted[] = []
  const head = await readHead(folder, findings)
  const participants = await readRows<CorridorParticipant>(folder, 'participants', participantsErrors, participantErrors, findings)
  const places = await readRows<CorridorPlace>(folder, 'places', placesErrors, placeErrors, findings)
  const users = await readRows<CorridorUser>(folder, 'users', usersErrors, userErrors, findings)
  const known = { participants: idsOf(participants.all, 'participant'), places: idsOf(places.all, 'placeId'), territories: territoriesOf(participants.all) }

  checkParticipants(participants.sound, head, participants.notes)
  checkPlaces(places.sound, participants.sound, known, head, places.notes)
  checkUsers(users.sound, participants.sound, known, users.notes)
  if (head) checkAuthority(head, participants.sound, findings)
  const around: Surroundings = { known, participants: participants.sound, places: places.sound, outside: head?.outside ?? [] }
  const stories = await checkStories(folder, head?.stories ?? [], around, findings)
  if (head && findings.every(({ level }) => level !== 'error')) {
    const corridor = { ...head, participants: rowsIn(participants.sound), places: rowsIn(places.sound), users: rowsIn(users.sound) }
    for (const { file, story } of stories) checkJudged(corridor, story, openNotebook(file, findings))
  }
  return withLines(folder, findings)
}

async function withLines(folder: string, findings: readonly Noted[]): Promise<readonly Finding[]> {
  const files = [...new Set(findings.map(({ file }) => file))]
  const lines = new Map(await Promise.all(files.map(async (file) => [file, linesOf(await readFile(join(folder, file), 'utf8').catch(() => ''))] as const)))
  return findings.map((finding) => ({ ...finding, line: lines.get(finding.file)?.(finding.pointer) ?? 1 }))
}

async function readHead(folder: string, findings: Noted[]): Promise<Head | undefined> {
  const notes = openNotebook('corridor.json', findings)
  const value = await readCorridorFile(folder, 'corridor.json', notes)
  return value !== undefined && hasShape(value, corridorErrors, notes) ? (value as Head) : undefined // its shape has just been checked
}

type Teller = Parameters<typeof rowsOf>[2]

async function readRows<T>(folder: string, list: string, errorsOfFile: Teller, errorsOfRow: Teller, findings: Noted[]) {
  const notes = openNotebook(`${list}.json`, findings)
  const value = await readCorridorFile(folder, `${list}.json`, notes)
  if (value !== undefined) hasShape(value, errorsOfFile, notes)
  const all = (value as Readonly<Record<string, unknown>> | undefined | null)?.[list]
  return { notes, all, sound: rowsOf<T>(all, `/${list}`, errorsOfRow, notes) }
}

function idsOf(rows: unknown, member: string): ReadonlySet<string> {
  const ids = Array.isArray(rows) ? rows.map((row: unknown) => (row as Readonly<Record<string, unknown>> | null)?.[member]) : []
  return new Set(ids.filter((id) => typeof id === 'string'))
}

/** Customs that lack a territory are taken for their country's. */
function territoriesOf(rows: unknown): ReadonlySet<string> {
  const customs = (Array.isArray(rows) ? (rows as (Partial<CorridorParticipant> | null)[]) : []).filter((row) => Array.isArray(row?.roles) && row.roles.includes('customs'))
  return new Set(customs.flatMap((row) => row?.territory ?? row?.country ?? []))
}

function checkAuthority({ authority }: Head, participants: readonly Row<CorridorParticipant>[], findings: Noted[]): void {
  const row = participants.find((one) => one.row.participant === authority)?.row
  if (!row?.roles.includes('authority')) openNotebook('corridor.json', findings).error('/authority', authority, 'the participant with the role authority')
}

interface CheckedStory {
  readonly file: string
  readonly story: Story
}

async function checkStories(folder: string, names: readonly string[], around: Surroundings, findings: Noted[]): Promise<readonly CheckedStory[]> {
  const stories: CheckedStory[] = []
  for (const name of names) {
    const file = `stories/${name}.json`
    const notes = openNotebook(file, findings)
    const value = await readCorridorFile(folder, file, notes)
    const story = value === undefined ? undefined : checkStory(value, name, around, notes)
    if (story) stories.push({ file, story })
  }
  const there = await readdir(join(folder, 'stories')).catch(() => [])
  const forgotten = there.filter((file) => file.endsWith('.json') && !names.includes(file.slice(0, -'.json'.length)))
  for (const file of forgotten) openNotebook(`stories/${file}`, findings).warning('', new Words('a story that corridor.json does not name'), 'its name under stories')
  return stories
}

function rowsIn<T>(rows: readonly Row<T>[]): readonly T[] {
  return rows.map(({ row }) => row)
}
