import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkCorridor } from './check-corridor.js'

describe('the corridors that come with Karvan', () => {
  it.each(['trans-caspian', 'ferghana'])('%s has no error, and says of each doubtful row what is doubtful', async (name) => {
    const findings = await checkCorridor(`corridors/${name}`)
    expect(findings.filter(({ level }) => level === 'error')).toEqual([])
    expect(findings.some(({ found }) => found.startsWith('unverified: '))).toBe(true)
  })
})

/** A mistake in one file of the small corridor: what is put where, and what is said of it. */
type Mistake = readonly [what: string, file: File, put: Readonly<Record<string, unknown>>, said: readonly (readonly [pointer: string, found: string, expected: string])[]]
type File = 'corridor' | 'participants' | 'places' | 'users' | 'stories/walnuts'
const gone = Symbol('gone')
const steps = { note: 0, declared: 3, loaded: 5, offer: 6, answer: 7, departed: 9, released: 13, offerTerminal: 15, refused: 26 } as const
const step = (name: keyof typeof steps) => `/steps/${steps[name]}`
const note = `${step('note')}/body/note`

const mistakes: readonly Mistake[] = [
  ['a member nobody knows', 'corridor', { '/colour': 'red' }, [['/colour', '"red"', 'no such member here']]],
  ['a member that is missing', 'corridor', { '/title': gone }, [['/title', 'nothing', 'a value']]],
  ['another authority', 'corridor', { '/authority': 'uz-rail' }, [['/authority', '"uz-rail"', 'the participant with the role authority']]],
  ['a story without a file', 'corridor', { '/stories/1': 'apricots' }, [['', 'nothing', 'a file that can be read']]],
  ['a country without a place', 'corridor', { '/countries/2': 'TJ' }, [['/places', 'no place in TJ', 'a place in every country of corridor.json']]],
  ['two mistakes in two rows', 'participants', { '/participants/1/roles/0': 'pilot', '/participants/2/country': 'Kyrgyzstan' }, [
    ['/participants/1/roles/0', '"pilot"', 'one of authority, forwarder, rail, sea, port, customs'],
    ['/participants/2/country', '"Kyrgyzstan"', 'a country of ISO 3166-1, such as UZ'],
  ]],
  ['an id twice', 'participants', { '/participants/8': { participant: 'uz-rail', roles: ['rail'], capacities: [], country: 'UZ', names: [{ languageId: 'uz', text: 'Temir' }, { languageId: 'ru', text: 'Темир' }], port: 4108, opsPort: 4208 } }, [['/participants/8/participant', '"uz-rail"', 'another one than that of /participants/3']]],
  ['a port twice', 'participants', { '/participants/4/port': 4103 }, [['/participants/4/port', '4103', 'a port of its own: /participants/3/port has this one']]],
  ['a port of the servers', 'participants', { '/participants/4/port': 4092 }, [['/participants/4/port', '4092', 'a port of its own: the server kafka has this one']]],
  ['a port beyond a corridor\'s reach', 'participants', { '/participants/4/port': 4500 }, [['/participants/4/port', '4500', 'at most 4499']]],
  ['an address that is none', 'participants', { '/participants/3/url': 'karvan.rail.example' }, [['/participants/3/url', '"karvan.rail.example"', expect.any(String) as unknown as string]]],
  ['customs without a territory', 'participants', { '/participants/5/territory': gone }, [['/participants/5/territory', 'nothing', 'a value']]],
  ['no name in Cyrillic letters', 'participants', { '/participants/3/names/1/text': 'Demo' }, [['/participants/3/names', '["Demo Railways of Uzbekistan","Demo","Oʻzbekiston demo temir yoʻllari"]', 'a name in Cyrl letters, too']]],
  ['letters that only look alike', 'participants', { '/participants/3/names/0/text': 'Demо' }, [['/participants/3/names/0/text', 'the word Demо mixes Latin with Cyrillic letters: о is U+043E', 'text that two people read alike']]],
  ['a place in another country', 'places', { '/places/0/country': 'UZ' }, [['/places/0/placeId', '"kg-osh"', 'an id that begins with its country: uz-…'], ['/places/0/unlocode/0/code', '"KGOSS"', 'a UN/LOCODE of UZ']]],
  ['a UN/LOCODE in small letters', 'places', { '/places/0/unlocode/0/code': 'kgoss' }, [['/places/0/unlocode/0/code', '"kgoss"', 'a UN/LOCODE: two letters of the country, three letters or digits from 2 to 9']]],
  ['function classifiers out of place', 'places', { '/places/0/unlocode/0/functions': '2-4' }, [['/places/0/unlocode/0/functions', '"2-4"', 'the eight function classifiers of UN/LOCODE, such as 1-3----- or -23----B']]],
  ['a station code with a wrong check digit', 'places', { '/places/4/railCodes/0': { code: '736501' } }, [['/places/4/railCodes/0/code', '"736501"', 'a station code with its right check digit (ESR)']]],
  ['a border point code with letters', 'places', { '/places/1/borderPointCode': 'KG01' }, [['/places/1/borderPointCode', '"KG01"', 'a border point code of UIC: 4 digits']]],
  ['a time zone nobody keeps', 'places', { '/places/1/timeZone': 'Asia/Osh' }, [['/places/1/timeZone', '"Asia/Osh"', 'a time zone of the IANA database, such as Asia/Tashkent']]],
  ['a territory without customs', 'places', { '/places/1/customsTerritory': 'TJ' }, [['/places/1/customsTerritory', '"TJ"', 'a territory whose customs are a participant, or a country outside']]],
  ['an operator nobody knows', 'places', { '/places/0/operatedBy/0': 'kg-nobody' }, [['/places/0/operatedBy/0', '"kg-nobody"', 'a participant of participants.json']]],
  ['an office of the neighbour', 'places', { '/places/5/operatedBy/0': 'uz-customs' }, [['/places/5/operatedBy/0', '"uz-customs"', 'the customs of KG, whose office this is']]],
  ['doubt without a reason', 'places', { '/places/5/unverified': gone }, [['/places/5/verified', 'false', 'a member `unverified` that says what no source confirms']]],
  ['a name in other letters than it says', 'places', { '/places/4/names/1/text': 'Chukursay' }, [
    ['/places/4/names', '["Chukursay (Tashkent)","Chukursay","Chuqursoy (Toshkent)"]', 'a name in Cyrl letters, too'],
    ['/places/4/names/1/text', '"Chukursay"', 'Cyrl letters, as its script says'],
  ]],
  ['a user of nobody', 'users', { '/users/3/organisation': 'uz-nobody' }, [['/users/3/organisation', '"uz-nobody"', 'a participant of participants.json'], ['/users', 'nobody of uz-rail with the scope state', 'somebody who may state for every participant']]],
  ['a scope there is not', 'users', { '/users/8/scopes/0': 'write' }, [['/users/8/scopes/0', '"write"', 'one of read, state']]],
  ['a statement there is not', 'stories/walnuts', { [`${step('departed')}/statement`]: 'TrainLeft' }, [[`${step('departed')}/statement`, '"TrainLeft"', expect.stringMatching(/^one of .*HandoffOffered/) as unknown as string]]],
  ['a step by nobody', 'stories/walnuts', { [`${step('departed')}/by`]: 'kg-nobody' }, [[`${step('departed')}/by`, '"kg-nobody"', 'a participant of participants.json']]],
  ['a step by one who may not', 'stories/walnuts', { [`${step('released')}/by`]: 'kg-haulier' }, [[`${step('released')}/by`, '"kg-haulier"', 'one who may state CustomsDecisionIssued; this one is forwarder, operator, declarant']]],
  ['a step before its time', 'stories/walnuts', { [`${step('departed')}/at`]: -40 }, [[`${step('departed')}/at`, '-40', 'not before 08-accepted-c1, which is told earlier: at least 0']]],
  ['an answer to what comes later', 'stories/walnuts', { [`${step('answer')}/body/offer/$event`]: '15-offer-terminal' }, [[`${step('answer')}/body/offer/$event`, '"15-offer-terminal"', 'the name of a step before this one']]],
  ['an answer to what is refused', 'stories/walnuts', { '/steps/30/body/offer/$event': '24-offer-refused' }, [['/steps/30/body/offer/$event', '"24-offer-refused"', 'a step that is accepted: this one is told to be refused']]],
  ['a step on the consignment of no note', 'stories/walnuts', { [`${step('departed')}/on`]: '08-accepted-c1' }, [[`${step('departed')}/on`, '"08-accepted-c1"', 'the name of a step before this one that issues a note; none for a note itself']]],
  ['a table there is not', 'stories/walnuts', { [`${step('loaded')}/body/loadings/$table`]: 'lorries' }, [[`${step('loaded')}/body/loadings/$table`, '"lorries"', 'the name of a table of the story']]],
  ['a status code off the list', 'stories/walnuts', { [`${step('departed')}/body/statusCode`]: '999' }, [[`${step('departed')}/body/statusCode`, '"999"', expect.stringMatching(/^one of the \d+ values of Code9013, such as/) as unknown as string]]],
  ['a container with a wrong check digit', 'stories/walnuts', { '/tables/equipment/0/id': 'KRVU3060010' }, [['/tables/equipment/0/id', '"KRVU3060010"', 'a container number with its right check digit (ISO 6346)']]],
  ['a wagon with a wrong check digit', 'stories/walnuts', { '/tables/loadingsRail/1/carriedBy': '94509010' }, [['/tables/loadingsRail/1/carriedBy', '"94509010"', 'a wagon number of 8 digits with its right check digit']]],
  ['a UIC wagon with a wrong check digit', 'stories/walnuts', { '/tables/loadingsRail/1/carriedBy': '318178160000' }, [['/tables/loadingsRail/1/carriedBy', '"318178160000"', 'a UIC wagon number of 12 digits with its right check digit']]],
  ['a row of a table with a letter for a number', 'stories/walnuts', { '/tables/loadingsRoad/2/grossMassKg': '13 t' }, [['/tables/loadingsRoad/2/grossMassKg', '"13 t"', 'integer']]],
  ['a leg that ends nowhere', 'stories/walnuts', { [`${note}/mainCarriageTransportMovement/0/arrivalLocation`]: 'uz-kokand' }, [[`${note}/mainCarriageTransportMovement/0/arrivalLocation`, '"uz-kokand"', 'a place of places.json']]],
  ['a carrier nobody knows', 'stories/walnuts', { [`${note}/mainCarriageTransportMovement/0/carrier`]: 'kg-nobody' }, [[`${note}/mainCarriageTransportMovement/0/carrier`, '"kg-nobody"', 'a participant of participants.json, or outside:…']]],
  ['a contract with one who cannot accept it', 'stories/walnuts', { [`${note}/transportContracts/1/contractualCarrier`]: 'uz-terminal-margilan' }, [[`${note}/transportContracts/1/contractualCarrier`, '"uz-terminal-margilan"', 'one who may accept carriage: rail, sea, or an operator']]],
  ['a country on the route without customs', 'stories/walnuts', { [`${note}/countriesOnRoute/2`]: 'TJ' }, [[`${note}/countriesOnRoute/2`, '"TJ"', 'a country whose customs are a participant, or one outside']]],
  ['an office in the wrong country', 'stories/walnuts', { [`${note}/regulatoryProcedure/0/officePlaceIds/exit`]: 'uz-customs-dustlik' }, [[`${note}/regulatoryProcedure/0/officePlaceIds/exit`, '"uz-customs-dustlik"', 'an office of the customs of KG']]],
  ['sums that contradict', 'stories/walnuts', { [`${note}/packageQuantity`]: 1999 }, [[`${note}/packageQuantity`, 'refused with SUMS_CONTRADICT, sum 2000, stated 1999', 'that the judge accepts it, as told']]],
  ['goods from one who has none', 'stories/walnuts', { [`${step('offer')}/by`]: 'uz-consignee' }, [[`${step('offer')}/body/items`, 'refused with NOT_HOLDER, item KRVU3060017, holder kg-forwarder', 'that the judge accepts it, as told']]],
  ['a refusal that does not come', 'stories/walnuts', { [`${step('offerTerminal')}/expect`]: { status: 409, code: 'NOT_HOLDER' } }, [[`/steps/16/body/offer/$event`, '"15-offer-terminal"', 'a step that is accepted: this one is told to be refused']]],
]

describe('a mistake in a corridor\'s folder', () => {
  let folder: string

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'karvan-corridor-'))
    cpSync('corridors/ferghana', folder, { recursive: true })
  })
  afterEach(() => rmSync(folder, { recursive: true, maxRetries: 20, retryDelay: 100 }))

  it.each(mistakes)('is told with its place, what is found and what is expected: %s', async (what, file, put, said) => {
    write(file, (value) => Object.entries(put).reduce((changed, [pointer, member]) => withMember(changed, pointer, member), value))
    const errors = (await checkCorridor(folder)).filter(({ level }) => level === 'error')
    const about = what === 'a story without a file' ? 'stories/apricots.json' : what === 'a country without a place' ? 'places.json' : `${file}.json`
    expect(errors.map(({ pointer, found, expected }) => [pointer, found, expected])).toEqual(said)
    expect(new Set(errors.map((one) => one.file))).toEqual(new Set([about]))
  })

  it('is a file that is not JSON, or says a thing twice', async () => {
    writeFileSync(join(folder, 'users.json'), '{ "users": [')
    const text = readFileSync(join(folder, 'places.json'), 'utf8')
    writeFileSync(join(folder, 'places.json'), text.replace('"kind": "terminal",', '"kind": "terminal", "kind": "port",'))
    const errors = (await checkCorridor(folder)).filter(({ level }) => level === 'error')
    expect(errors).toEqual(expect.arrayContaining([
      expect.objectContaining({ file: 'users.json', line: 1, pointer: '', expected: 'JSON' }),
      expect.objectContaining({ file: 'places.json', line: 5, pointer: '/places/0/kind', expected: 'every member once' }),
    ]))
  })

  it('may be no more than a doubt: a story nobody tells, a table nobody uses, a name the country\'s own language lacks', async () => {
    cpSync(join(folder, 'stories', 'walnuts.json'), join(folder, 'stories', 'apricots.json'))
    write('stories/walnuts', (value) => withMember(value, '/tables/spare', [{ id: 1 }]))
    write('places', (value) => withMember(value, '/places/4/names/2/languageId', 'en'))
    const findings = await checkCorridor(folder)
    expect(findings.filter(({ level }) => level === 'error')).toEqual([])
    expect(findings).toEqual(expect.arrayContaining([
      expect.objectContaining({ file: 'stories/apricots.json', found: 'a story that corridor.json does not name' }),
      expect.objectContaining({ file: 'stories/walnuts.json', pointer: '/tables/spare', found: 'used by no step' }),
      expect.objectContaining({ file: 'places.json', pointer: '/places/4/names', expected: 'a name in uz, the language of UZ, too' }),
    ]))
  })

  it('is not that a corridor at work has no people and stories, and its own addresses', async () => {
    write('users', () => ({ users: [] }))
    write('corridor', (value) => withMember(value, '/stories', []))
    write('participants', (value) => withMember(value, '/participants/3/url', 'https://karvan.rail.example'))
    expect((await checkCorridor(folder)).filter(({ level }) => level === 'error')).toEqual([])
  })

  function write(file: File, change: (value: unknown) => unknown): void {
    const path = join(folder, `${file}.json`)
    writeFileSync(path, JSON.stringify(change(JSON.parse(readFileSync(path, 'utf8'))), null, 2))
  }
})

/** A value with one member put in or, with `gone`, taken out. */
function withMember(value: unknown, pointer: string, member: unknown): unknown {
  const [name = '', ...below] = pointer.split('/').slice(1)
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<string, unknown>
  if (below.length > 0) copy[name] = withMember(copy[name], `/${below.join('/')}`, member)
  else if (member === gone) Reflect.deleteProperty(copy, name)
  else copy[name] = member
  return copy
}
