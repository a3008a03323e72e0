import { mayState } from '#libs/consignment'
import type { ConsignmentNote } from '#libs/documents'
import { noteOf, type JsonObject, type Story, type StoryStep } from '../story.js'
import { Words, type Notebook } from './finding.js'
import type { Row } from './read-file.js'
import type { Surroundings } from './story.js'

/** A step whose body fits, with every reference put in. */
export interface ToldStep extends Row<StoryStep> {
  readonly body: JsonObject
}

type Note = Omit<ConsignmentNote, 'particulars'>

/** Whether somebody stands ready on every stretch of each note's route: customs in its countries, carriers for its contracts, a step for each leg. */
export function checkRoute(story: Story, steps: readonly ToldStep[], around: Surroundings, at: (step: ToldStep, pointer: string) => string, notes: Notebook): void {
  for (const step of steps) {
    if (step.row.expect || (step.row.statement !== 'NoteIssued' && step.row.statement !== 'NoteAmended')) continue
    const note = step.body['note'] as unknown as Note // its shape has been checked
    const told = { around, notes, at: (pointer: string) => at(step, `/note${pointer}`) }
    checkCountries(note, told)
    checkContracts(note, told)
    checkLegs(note, steps.filter(({ row }) => noteOf(story, row) === noteOf(story, step.row)), told)
  }
}

interface Told {
  readonly around: Surroundings
  readonly notes: Notebook
  at(pointer: string): string
}

function checkCountries(note: Note, { around: { known: { territories }, places, outside }, notes, at }: Told): void {
  const procedures = note.regulatoryProcedure ?? []
  for (const [index, country] of note.countriesOnRoute.entries()) {
    const pointer = at(`/countriesOnRoute/${index}`)
    if (outside.includes(country)) continue
    if (!territories.has(country)) notes.error(pointer, country, 'a country whose customs are a participant, or one outside')
    if (!procedures.some((one) => one.country === country)) notes.warning(pointer, country, 'a planned customs procedure (regulatoryProcedure) in every country on the route')
  }
  for (const [index, { country, officePlaceIds = {} }] of procedures.entries()) {
    if (!note.countriesOnRoute.includes(country)) notes.error(at(`/regulatoryProcedure/${index}/country`), country, 'a country on the route')
    for (const [end, named] of Object.entries(officePlaceIds)) {
      for (const office of [named].flat()) {
        const territory = places.find(({ row }) => row.placeId === office)?.row.customsTerritory
        if (territory !== undefined && territory !== country) notes.error(at(`/regulatoryProcedure/${index}/officePlaceIds/${end}`), office, `an office of the customs of ${country}`)
      }
    }
  }
}

function checkContracts(note: Note, { around: { participants }, notes, at }: Told): void {
  for (const [index, { contractualCarrier }] of note.transportContracts.entries()) {
    const row = participants.find((one) => one.row.participant === contractualCarrier)?.row
    if (row && !mayState('CarriageAccepted', row)) notes.error(at(`/transportContracts/${index}/contractualCarrier`), contractualCarrier, 'one who may accept carriage: rail, sea, or an operator')
  }
}

/** A leg on which the story hands nothing over is perhaps a forgotten one. */
function checkLegs(note: Note, steps: readonly ToldStep[], { notes, at }: Told): void {
  const entered = new Set(steps.flatMap(({ body }) => (body['into'] as { readonly legId?: string } | undefined)?.legId ?? []))
  for (const [index, { legId, borderCrossing = [], departureLocation, arrivalLocation }] of note.mainCarriageTransportMovement.entries()) {
    const pointer = `/mainCarriageTransportMovement/${index}`
    if (!entered.has(legId)) notes.warning(at(`${pointer}/legId`), legId, 'a step that hands something over into every leg')
    const crosses = departureLocation.slice(0, 2) !== arrivalLocation.slice(0, 2)
    if (crosses && borderCrossing.length === 0 && !isAtSea(note, index)) notes.warning(at(`${pointer}/borderCrossing`), new Words('nothing'), 'the crossings of a leg that leaves its country')
  }
}

function isAtSea(note: Note, leg: number): boolean {
  return ['1', '8'].includes(note.mainCarriageTransportMovement[leg]?.modeCode ?? '')
}
