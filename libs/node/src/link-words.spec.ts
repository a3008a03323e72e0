import { describe, expect, it } from '@jest/globals'
import { standingCodes, type Dossier, type Reason } from '#libs/consignment'
import { wordsFor } from './link-words.js'

const names: Readonly<Record<string, string>> = {
  'az-asco': 'Azerbaijan Caspian Shipping', 'az-ady': 'Azerbaijan Railways', 'az-customs': 'State Customs Committee of Azerbaijan', 'uz-forwarder': 'Karvon Forwarding',
  'az-alat': 'Alat', 'kz-kuryk-port': 'Kuryk, seaport', 'az-boyuk-kesik': 'Boyuk Kesik', 'outside:haulier': 'Haulier',
}
const note = {
  mainCarriageTransportMovement: [
    { legId: 'l2', modeCode: '1', departureLocation: 'kz-kuryk-port', arrivalLocation: 'az-alat' }, { legId: 'l3', modeCode: '2', departureLocation: 'az-alat', arrivalLocation: 'az-boyuk-kesik' },
  ],
  utilizedTransportEquipment: [{ id: 'W1', categoryCode: 'RR' }, { id: 'W2', categoryCode: 'RR' }, { id: 'B1', categoryCode: 'CN' }],
} as unknown as Dossier['note'] // what the words are made from
const tell = wordsFor({ note }, (id) => names[id] ?? `unnamed ${id}`)

type Told = Omit<Reason, 'since'>
const said: readonly (readonly [Told, readonly string[], string])[] = [
  [{ code: 'cancelled', actionBy: [] }, ['B1'], 'Container B1 belongs to a consignment that was cancelled'],
  [{ code: 'delivered', actionBy: [], placeId: 'az-alat' }, ['W1', 'W2'], '2 wagons at Alat have been delivered'],
  [{ code: 'missing', actionBy: ['az-asco'], placeId: 'az-alat', about: ['e'] }, ['B1'], 'Container B1 at Alat cannot be found: Azerbaijan Caspian Shipping must find it, or say where it is'],
  [{ code: 'held', actionBy: ['az-customs'], placeId: 'az-alat', kind: 'held' }, ['B1', 'W1'], '2 items at Alat are held by State Customs Committee of Azerbaijan, who must let them go'],
  [{ code: 'held', actionBy: ['az-customs'], placeId: 'az-alat', kind: 'inspectionOrdered' }, ['B1'], 'Container B1 at Alat is to be inspected by State Customs Committee of Azerbaijan'],
  [{ code: 'offered', actionBy: ['az-ady'], placeId: 'az-alat', by: 'az-asco' }, ['W1'], 'Wagon W1 at Alat waits for Azerbaijan Railways to take it over from Azerbaijan Caspian Shipping'],
  [{ code: 'documentsWanted', actionBy: ['uz-forwarder'], placeId: 'az-alat', by: 'az-customs' }, ['W1', 'W2'], '2 wagons at Alat wait for documents that State Customs Committee of Azerbaijan wants from Karvon Forwarding'],
  [{ code: 'carriageNotAccepted', actionBy: ['az-ady'], contractId: 'c2', placeId: 'az-alat' }, ['W1'], 'Wagon W1 at Alat waits for Azerbaijan Railways to confirm that it will carry it'],
  [{ code: 'waiting', actionBy: [], statusCode: '25', reasonCode: '182', by: 'az-asco', placeId: 'kz-kuryk-port' }, ['W1', 'W2'], '2 wagons at Kuryk (seaport) stand still. Azerbaijan Caspian Shipping says why: the departure is delayed; the weather. Nobody has to do anything'],
  [{ code: 'waiting', actionBy: ['az-asco'], statusCode: '302', by: 'az-asco', placeId: 'az-alat' }, ['W1'], 'Wagon W1 at Alat stands still. Azerbaijan Caspian Shipping says why: the goods were carried past the place where they should have come off. Azerbaijan Caspian Shipping must act'],
  [{ code: 'noMeans', actionBy: ['az-asco'], legId: 'l2', placeId: 'kz-kuryk-port' }, ['W1', 'W2'], '2 wagons at Kuryk (seaport) wait for Azerbaijan Caspian Shipping to say which ship takes them'],
  [{ code: 'notLoaded', actionBy: ['uz-forwarder'], legId: 'l3', to: ['az-ady'], placeId: 'az-alat' }, ['B1'], 'Container B1 at Alat waits for Karvon Forwarding to load it for Azerbaijan Railways'],
  [{ code: 'notOffered', actionBy: ['az-asco'], to: ['az-ady'], statement: 'HandoffOffered', by: 'az-asco', placeId: 'az-alat' }, ['W1'], 'Wagon W1 at Alat waits for Azerbaijan Caspian Shipping to hand it over to Azerbaijan Railways'],
  [{ code: 'notOffered', actionBy: ['az-ady'], to: ['az-ady'], statement: 'HandoffVouched', by: 'outside:haulier', placeId: 'az-alat' }, ['W1'], 'Wagon W1 at Alat waits for Azerbaijan Railways to confirm the handover from Haulier to Azerbaijan Railways'],
  [{ code: 'notDeparted', actionBy: ['az-ady'], legId: 'l3', placeId: 'az-alat' }, ['W1', 'W2'], '2 wagons at Alat wait for Azerbaijan Railways to set out by train from Alat to Boyuk Kesik'],
  [{ code: 'onTheWay', actionBy: [], legId: 'l2', placeId: 'kz-kuryk-port' }, ['W1'], 'Wagon W1, last at Kuryk (seaport), is on the way by ship from Kuryk (seaport) to Alat'],
]

describe('a consignee reads', () => {
  it.each(said.map(([reason, items, sentence]) => [reason.code, reason, items, sentence] as const))('why goods stand, by names and in words: %s', (_code, reason, items, sentence) => {
    expect(tell(reason, items)).toBe(sentence)
  })

  it('about everything that goods can stand for', () => {
    expect([...new Set(said.map(([{ code }]) => code))].sort()).toEqual([...standingCodes].sort())
  })

  it('the meaning of a code for which there are no plainer words', () => {
    expect(tell({ code: 'waiting', actionBy: ['az-ady'], statusCode: '31', reasonCode: '194', by: 'az-ady', placeId: 'az-alat' }, ['W1']))
      .toBe('Wagon W1 at Alat stands still. Azerbaijan Railways says why: en route; another ship or train is awaited. Azerbaijan Railways must act')
  })
})
