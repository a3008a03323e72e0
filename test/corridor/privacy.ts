import { describe, expect, it } from '@jest/globals'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { codeOf } from '#libs/exchange'
import { until } from '#libs/testing'
import { offerBody } from '../faults/short-journey.js'
import { applied, trainNote, type Door } from './door.js'
import type { RunningCorridor } from './running-corridor.js'

/** Words that occur nowhere else, by the block they stand in. The last stands in the clear and shows that the search finds what is there. */
const secrets = {
  parties: 'QzKarvanParty7310',
  goods: 'QzKarvanMarks4471',
  dangerousGoods: 'QzKarvanAcid90262',
  commercial: '735019758263.4417',
  documentsAndInstructions: 'QzKarvanPaper5583',
  authority: 'QzKarvanRisk61904',
  clear: 'QzKarvanClear2231',
} as const

type Block = Exclude<keyof typeof secrets, 'clear'>

const readers: Readonly<Record<Block, readonly string[]>> = {
  parties: ['uz-uty', 'bg-customs'],
  goods: ['tm-port-turkmenbashi', 'uz-uty'],
  dangerousGoods: ['az-port-alat'],
  commercial: ['caspian-line'],
  documentsAndInstructions: ['consignee-side'],
  authority: ['ge-customs'],
}
const issuer = 'uz-forwarder'
const issuerOf = (name: Block) => (name === 'authority' ? 'az-customs' : issuer)

const english = (text: string) => [{ languageId: 'en', text }]
const party = { name: english(secrets.parties), postalTradeAddress: { cityName: 'Almalyk' }, countryId: 'UZ' }
const goodsItem = {
  itemId: 'g1', sequenceNumeric: 1, natureIdCargo: english('goods'), hs: '260300', gng: '26030000', package: { quantity: 1, typeCode: '43' },
  marks: secrets.goods, grossMassKg: 1,
}
const dangerous = {
  itemId: 'g1', modeCode: '2', undgIdCode: '1830', properShippingName: english(secrets.dangerousGoods), hazardClassificationId: '8',
  packagingDangerLevelCode: '2', regulationCode: 'RID', emergencyContact: { personName: 'on duty' },
}
const contents = {
  parties: { consignor: party, consignee: party },
  goods: { includedConsignmentItem: [goodsItem] },
  dangerousGoods: { applicableDangerousGoods: [dangerous] },
  commercial: { invoiceAmount: { amount: secrets.commercial, currencyCode: 'USD' } },
  documentsAndInstructions: { handlingInstructions: [{ text: english(secrets.documentsAndInstructions) }] },
  authority: { reason: english(secrets.authority) },
} as const satisfies Record<Block, object>

/** Need to know: what is in a block is with its issuer and its readers, and nowhere else. */
export function describePrivacy(corridor: () => RunningCorridor, door: () => Door): void {
  describe('particulars', () => {
    it('are in the databases of their issuer and their readers, in no other, and not in the log', async () => {
      const names = ['parties', 'goods', 'dangerousGoods', 'commercial', 'documentsAndInstructions'] as const
      const note = await trainNote({ blocks: names.map((name) => blockOf(name)) })
      const marked = { ...note, note: { ...(note['note'] as object), references: [{ code: 'FF', id: secrets.clear }] } }
      const { subject } = await door().state(issuer, 'NoteIssued', undefined, marked)
      const { occurredAt } = offerBody()
      const hold = { kind: 'held', items: 'all', customsOfficePlaceId: 'az-customs-alat', particulars: { blocks: [blockOf('authority')] }, occurredAt }
      const { offset } = await door().state('az-customs', 'CustomsDecisionIssued', subject, hold)
      for (const { participant } of corridor().nodes) await applied(corridor(), participant, offset + 1)
      for (const reader of new Set(Object.values(readers).flat())) {
        await until(async () => ((await door().get(reader, `/v1/consignments/${subject}/particulars`)).body['missing'] as string[]).length === 0, 60_000)
      }

      const found = await Promise.all(corridor().nodes.map(async ({ participant }) => [participant, await foundInDatabase(corridor(), participant)] as const))
      expect(Object.fromEntries(found)).toEqual(Object.fromEntries(corridor().nodes.map(({ participant }) => [participant, expectedAt(participant)])))
      expect(foundInFiles(join(corridor().dataDir, 'kafka'))).toEqual(['clear'])
      expect(foundInFiles(join(corridor().dataDir, 'logs'))).toEqual([])
    }, 180_000)
  })
}

/** Tables that have the word in the clear at every node: the record, its view and the index over it; its issuer has signed it, too. */
const everywhere = ['dossier_part: clear', 'entry: clear', 'term: clear']

function expectedAt(participant: string): readonly string[] {
  return [...blocksWith(participant).map((name) => `block: ${name}`), ...(participant === issuer ? ['outbox: clear'] : []), ...everywhere].sort()
}

function blockOf<N extends Block>(name: N) {
  return { name, readers: readers[name], content: contents[name] }
}

function blocksWith(participant: string): readonly Block[] {
  return (Object.keys(contents) as Block[]).filter((name) => issuerOf(name) === participant || readers[name].includes(participant)) // keys of a literal
}

/** Each `table: secret` of a node's database, whatever the column, as it is or in base64url, as signed statements have it. */
async function foundInDatabase(corridor: RunningCorridor, participant: string): Promise<readonly string[]> {
  const columns = await corridor.sql<{ table_name: string; column_name: string; data_type: string }>(
    participant, `select table_name, column_name, data_type from information_schema.columns where table_schema = 'public'`)
  const found: string[] = []
  for (const table of new Set(columns.map(({ table_name: name }) => name))) {
    const own = columns.filter(({ table_name: name }) => name === table)
    const row = own.map(({ column_name: name, data_type: type }) => (type === 'bytea' ? `encode("${name}", 'escape')` : `"${name}"::text`)).join(', ')
    const text = `select distinct secret from "${table}", unnest($1::text[], $2::text[]) as wanted (secret, form)
      where position(form in concat_ws(E'\\n', ${row})) > 0`
    const rows = await corridor.sql<{ secret: string }>(participant, text, [wanted.map(({ secret }) => secret), wanted.map(({ form }) => form)])
    found.push(...rows.map(({ secret }) => `${table}: ${secret}`))
  }
  return found.sort()
}

/** Kafka renames and deletes files while we look: where one has gone since it was listed, all are listed and read again, so that nothing is passed over. */
function foundInFiles(folder: string): readonly string[] {
  for (let tried = 1; ; tried++) {
    try {
      const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
      const found = files.flatMap((file) => {
        const bytes = readFileSync(join(file.parentPath, file.name))
        return wanted.filter(({ form }) => bytes.includes(form)).map(({ secret }) => secret)
      })
      return [...new Set(found)].sort()
    } catch (error) {
      if (codeOf(error) !== 'ENOENT' || tried === 10) throw error
    }
  }
}

/** A text as it is, and the letters it becomes in base64url after 0, 1 or 2 bytes of the group before, without the ends that depend on its neighbours. */
function formsOf(text: string): readonly string[] {
  const encoded = [0, 1, 2].map((before) => {
    const letters = Buffer.concat([Buffer.alloc(before), Buffer.from(text)]).toString('base64url')
    return letters.slice(Math.ceil((before * 8) / 6), Math.floor(((before + text.length) * 8) / 6))
  })
  return [text, ...encoded]
}

const wanted = Object.entries(secrets).flatMap(([secret, text]) => formsOf(text).map((form) => ({ secret, form })))
