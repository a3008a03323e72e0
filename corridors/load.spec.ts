import { describe, expect, it } from '@jest/globals'
import { dataFaultOf, isValidStationCode } from '#libs/documents'
import { admissionOf, loadCorridor, loadStory, registrationOf } from './load.js'

const corridor = await loadCorridor('corridors/trans-caspian')
const ids = corridor.participants.map((participant) => participant.participant)

describe('the Trans-Caspian corridor', () => {
  it('has every participant once, its authority among them, and a port for each node', () => {
    expect(new Set(ids).size).toBe(ids.length)
    expect(corridor.participants.find((row) => row.roles.includes('authority'))?.participant).toBe(corridor.authority)
    const ports = corridor.participants.flatMap((participant) => [participant.port, participant.opsPort])
    expect(new Set(ports).size).toBe(ports.length)
  })

  it.each(corridor.participants.map((row) => [row.participant, row] as const))('can admit %s as it stands', (_, row) => {
    const admission = admissionOf(row, `http://${corridor.host}:${row.port}`)
    expect(dataFaultOf('ParticipantAdmitted', admission)).toBeUndefined()
    expect(admission.territory).toBe(row.roles.includes('customs') ? row.country : undefined)
  })

  it.each(corridor.places.map((place) => [place.placeId, place] as const))('can register %s as it stands', (placeId, place) => {
    expect(dataFaultOf('PlaceRegistered', registrationOf(place))).toBeUndefined()
    expect(placeId.slice(0, 2).toUpperCase()).toBe(place.country)
    expect(place.operatedBy.filter((operator) => !ids.includes(operator))).toEqual([])
    expect(place.railCodes.filter(({ code }) => !isValidStationCode(code))).toEqual([])
    expect(place.unlocode.filter(({ code }) => !code.startsWith(place.country))).toEqual([])
    expect(() => new Intl.DateTimeFormat('en', { timeZone: place.timeZone })).not.toThrow()
  })

  it('has every place once and says what is unverified about those that are not verified', () => {
    const places = corridor.places.map((place) => place.placeId)
    expect(new Set(places).size).toBe(places.length)
    expect(corridor.places.filter((place) => !place.verified && !place.unverified)).toEqual([])
  })

  it('names its stations, ports and crossings in Latin and Cyrillic letters and in the script of the country', () => {
    const offices = corridor.places.filter(({ kind }) => kind === 'customsOffice')
    for (const { placeId, names } of corridor.places.filter((place) => !offices.includes(place))) {
      expect([placeId, names.length, new Set(names.map(({ languageId }) => languageId)).size]).toEqual([placeId, 3, 3])
    }
    for (const { placeId, names } of corridor.places) expect([placeId, names.map(({ script }) => script)]).toEqual([placeId, expect.arrayContaining(['Latn', 'Cyrl'])])
    const scriptOf = new Map([['ka', /^[\u10d0-\u10ff ]+$/], ['ru', /^[\u0400-\u04ff0-9 «»(),.-]+$/], ['kk', /^[\u0400-\u04ff -]+$/], ['zh', /^[\u4e00-\u9fff]+$/]])
    const misspelt = corridor.places.flatMap(({ names }) => names).filter(({ languageId, text }) => scriptOf.get(languageId)?.test(text) === false)
    expect(misspelt).toEqual([])
  })

  it('gives the nodes that are known by their ports the ports they always had', () => {
    const portOf = (id: string) => corridor.participants.find(({ participant }) => participant === id)?.port
    expect([portOf('uz-forwarder'), portOf('uz-uty'), portOf('uz-customs'), portOf('bg-customs')]).toEqual([4101, 4103, 4113, 4117])
    expect(corridor.participants.filter(({ port, opsPort }) => opsPort !== port + 100 || port < 4100 || port > 4199)).toEqual([])
  })

  it('lies on the territory of customs it knows', () => {
    const territories = corridor.participants.map((participant) => participant.territory)
    const { countries, outside = [], places } = corridor
    expect(places.filter((place) => !territories.includes(place.customsTerritory) && !outside.includes(place.customsTerritory))).toEqual([])
    expect([...new Set(places.map((place) => place.country))].sort()).toEqual([...countries, ...outside].sort())
    expect(outside.filter((country) => territories.includes(country))).toEqual([])
  })

  it('has somebody to act for every participant and one person who may only look', () => {
    const actors = corridor.users.filter((user) => user.scopes.includes('state')).map((user) => user.organisation)
    expect([...new Set(actors)].sort()).toEqual([...ids].sort())
    expect(corridor.users.filter((user) => !user.scopes.includes('state')).map((user) => user.scopes)).toEqual([['read']])
    expect(new Set(corridor.users.map((user) => user.user)).size).toBe(corridor.users.length)
  })
})

describe('reading a corridor', () => {
  it.each([
    ['a folder that is not there', () => loadCorridor('corridors/nowhere')],
    ['a story that is not JSON', () => loadStory('corridors/load.ts')],
    ['a file without the list it is read for', () => loadStory('corridors/trans-caspian/users.json')],
  ])('names the file for %s', async (_, read) => {
    await expect(read()).rejects.toMatchObject({ code: 'CORRIDOR_DATA', path: expect.stringContaining('corridors/') })
  })
})
