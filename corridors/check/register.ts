import { isValidStationCode } from '#libs/documents'
import { authorityId } from '#libs/consignment'
import type { Corridor, CorridorParticipant, CorridorPlace, CorridorUser } from '../load.js'
import { serverPorts } from '../ports.js'
import { Words, type Notebook } from './finding.js'
import { noteRepeated, type Row } from './read-file.js'

type Head = Pick<Corridor, 'countries' | 'outside' | 'names' | 'authority'>

/** Ids that the files mention: also those of rows with mistakes of their own, so that a mistake is told once. */
export interface Known {
  readonly participants: ReadonlySet<string>
  readonly places: ReadonlySet<string>
  /** Customs territories of participants. */
  readonly territories: ReadonlySet<string>
}

export function checkParticipants(rows: readonly Row<CorridorParticipant>[], head: Head | undefined, notes: Notebook): void {
  noteRepeated(rows, 'participant', ({ participant }) => participant, notes)
  checkPorts(rows, notes)
  const authorities = rows.filter(({ row }) => row.roles.includes('authority'))
  for (const { row, pointer } of authorities) {
    if (row.participant !== authorityId) notes.error(`${pointer}/participant`, row.participant, `${authorityId}, as the authority is called in every log`)
    if (row.roles.length > 1) notes.error(`${pointer}/roles`, row.roles, 'the authority alone: it has no node')
  }
  if (authorities.length !== 1) notes.error('/participants', new Words(`${authorities.length} participants with the role authority`), 'one')
  for (const { row, pointer } of rows) {
    if (head) checkNames(row.names.map(({ languageId, text }) => ({ languageId, text, script: undefined })), row.country, `${pointer}/names`, head.names, notes)
    if (row.unverified !== undefined) notes.warning(`${pointer}/unverified`, new Words(`unverified: ${row.unverified}`), 'a source that confirms it')
  }
}

function checkPorts(rows: readonly Row<CorridorParticipant>[], notes: Notebook): void {
  const taken = new Map<number, string>()
  for (const [name, port] of Object.entries(serverPorts)) taken.set(port, `the server ${name}`)
  for (const { row, pointer } of rows) {
    if (row.roles.includes('authority')) continue // it has no node
    for (const member of ['port', 'opsPort'] as const) {
      const other = taken.get(row[member])
      if (other === undefined) taken.set(row[member], `${pointer}/${member}`)
      else notes.error(`${pointer}/${member}`, row[member], `a port of its own: ${other} has this one`)
    }
  }
}

export function checkPlaces(rows: readonly Row<CorridorPlace>[], participants: readonly Row<CorridorParticipant>[], known: Known, head: Head | undefined, notes: Notebook): void {
  noteRepeated(rows, 'placeId', ({ placeId }) => placeId, notes)
  const rowOf = new Map(participants.map(({ row }) => [row.participant, row]))
  const outside = head?.outside ?? []
  for (const { row, pointer } of rows) {
    const { placeId, country } = row
    if (placeId.slice(0, 2).toUpperCase() !== country) notes.error(`${pointer}/placeId`, placeId, `an id that begins with its country: ${country.toLowerCase()}-…`)
    if (head && ![...head.countries, ...outside].includes(country)) notes.error(`${pointer}/country`, country, 'a country of corridor.json')
    if (!known.territories.has(row.customsTerritory) && !outside.includes(row.customsTerritory)) {
      notes.error(`${pointer}/customsTerritory`, row.customsTerritory, 'a territory whose customs are a participant, or a country outside')
    }
    for (const [index, operator] of row.operatedBy.entries()) {
      const at = `${pointer}/operatedBy/${index}`
      if (!known.participants.has(operator)) notes.error(at, operator, 'a participant of participants.json')
      else if (row.kind === 'customsOffice' && rowOf.has(operator) && rowOf.get(operator)?.territory !== row.customsTerritory) notes.error(at, operator, `the customs of ${row.customsTerritory}, whose office this is`)
    }
    checkTimeZone(row.timeZone, `${pointer}/timeZone`, notes)
    checkCodes(row, pointer, known, notes)
    if (head) checkNames(row.names, row.kind === 'customsOffice' ? undefined : country, `${pointer}/names`, head.names, notes)
    if (['station', 'borderStation', 'yard'].includes(row.kind) && row.gaugesMm.length === 0) notes.warning(`${pointer}/gaugesMm`, row.gaugesMm, 'the gauge of a station\'s tracks')
    if (row.unverified !== undefined) notes.warning(`${pointer}/unverified`, new Words(`unverified: ${row.unverified}`), 'a source that confirms it')
    else if (!row.verified) notes.error(`${pointer}/verified`, false, 'a member `unverified` that says what no source confirms')
  }
  if (head) checkCountries(rows, head, notes)
}

/** UN/LOCODE, station codes of the 1520 network (ESR) and border points (UIC). */
function checkCodes(row: CorridorPlace, pointer: string, { places }: Known, notes: Notebook): void {
  for (const [index, { code, functions }] of row.unlocode.entries()) {
    const at = `${pointer}/unlocode/${index}`
    if (!code.startsWith(row.country)) notes.error(`${at}/code`, code, `a UN/LOCODE of ${row.country}`)
    if (functions !== undefined && !/^[01-][2-][3-][4-][5-][6-][7-][B-]$/.test(functions)) {
      notes.error(`${at}/functions`, functions, 'the eight function classifiers of UN/LOCODE, such as 1-3----- or -23----B')
    }
  }
  for (const [index, { code, direction }] of row.railCodes.entries()) {
    const at = `${pointer}/railCodes/${index}`
    if (!isValidStationCode(code)) notes.error(`${at}/code`, code, 'a station code with its right check digit (ESR)')
    if (row.railCodes.findIndex((other) => other.code === code) !== index) notes.error(`${at}/code`, code, 'every station code once')
    if (direction !== undefined && /^[a-z]{2}-/.test(direction) && !places.has(direction)) notes.warning(`${at}/direction`, direction, 'a place of places.json')
  }
  if (row.borderPointCode !== undefined && !/^[0-9]{4}$/.test(row.borderPointCode)) notes.error(`${pointer}/borderPointCode`, row.borderPointCode, 'a border point code of UIC: 4 digits')
}

function checkTimeZone(timeZone: string, pointer: string, notes: Notebook): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone })
  } catch {
    notes.error(pointer, timeZone, 'a time zone of the IANA database, such as Asia/Tashkent')
  }
}

function checkCountries(rows: readonly Row<CorridorPlace>[], { countries, outside = [] }: Head, notes: Notebook): void {
  const placed = new Set(rows.map(({ row }) => row.country))
  for (const country of [...countries, ...outside]) if (!placed.has(country)) notes.error('/places', new Words(`no place in ${country}`), `a place in every country of corridor.json`)
}

interface Name {
  readonly languageId: string
  readonly text: string
  /** Said of a place's name, read off a participant's. */
  readonly script: string | undefined
}

const letters: Readonly<Record<string, RegExp>> = {
  Latn: /\p{Script=Latin}/u, Cyrl: /\p{Script=Cyrillic}/u, Geor: /\p{Script=Georgian}/u, Hans: /\p{Script=Han}/u, Arab: /\p{Script=Arabic}/u,
}

/** @param country whose own language is wanted; none where no name in it is expected */
function checkNames(names: readonly Name[], country: string | undefined, pointer: string, wanted: Head['names'], notes: Notebook): void {
  for (const script of wanted.scripts) {
    if (!names.some((name) => (name.script ?? script) === script && letters[script]?.test(name.text))) notes.error(pointer, names.map(({ text }) => text), `a name in ${script} letters, too`)
  }
  for (const [index, { script, text }] of names.entries()) {
    if (script !== undefined && !letters[script]?.test(text)) notes.error(`${pointer}/${index}/text`, text, `${script} letters, as its script says`)
  }
  const language = country === undefined ? undefined : wanted.languages[country]
  if (language !== undefined && !names.some(({ languageId }) => languageId.split('-')[0] === language)) notes.warning(pointer, names.map(({ languageId }) => languageId), `a name in ${language}, the language of ${country}, too`)
}

export function checkUsers(rows: readonly Row<CorridorUser>[], participants: readonly Row<CorridorParticipant>[], known: Known, notes: Notebook): void {
  noteRepeated(rows, 'user', ({ user }) => user, notes)
  for (const { row, pointer } of rows) {
    if (!known.participants.has(row.organisation)) notes.error(`${pointer}/organisation`, row.organisation, 'a participant of participants.json')
  }
  if (rows.length === 0) return // a corridor at work: its people are known to each participant's own identity provider
  const actors = new Set(rows.filter(({ row }) => row.scopes.includes('state')).map(({ row }) => row.organisation))
  for (const { row } of participants) {
    if (!actors.has(row.participant)) notes.error('/users', new Words(`nobody of ${row.participant} with the scope state`), 'somebody who may state for every participant')
  }
}
