import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ParticipantAdmitted, PlaceRegistered } from '#libs/documents'
import type { Story } from './story.js'

/** A corridor as data: what its authority writes into the register at the founding, and where each node runs in a demo. */
export interface Corridor {
  readonly name: string
  readonly title: string
  readonly epoch: number
  readonly countries: readonly string[]
  /** Countries where notes may begin or end and nobody has a node. */
  readonly outside?: readonly string[]
  /** In which scripts everybody and every place has a name, and which language a country calls its own by. */
  readonly names: { readonly scripts: readonly string[]; readonly languages: Readonly<Record<string, string>> }
  /** The participant that keeps the register. */
  readonly authority: string
  /** Where the demo's nodes listen. */
  readonly host: string
  /** Names of the files in `stories/`. */
  readonly stories: readonly string[]
  readonly participants: readonly CorridorParticipant[]
  readonly places: readonly CorridorPlace[]
  readonly users: readonly CorridorUser[]
}

/** What was made up for the demo and what no source confirms; never signed. */
interface Marks {
  readonly invented?: string
  readonly unverified?: string
}

export interface CorridorParticipant extends Readonly<Omit<ParticipantAdmitted, 'url'>>, Marks {
  /** Where others reach its API, as the register says it, when that is not the node's own host and port: behind a proxy with TLS, say. */
  readonly url?: string
  /** Port of the node's API and of its health and metrics. */
  readonly port: number
  readonly opsPort: number
}

export interface CorridorPlace extends Readonly<PlaceRegistered>, Marks {}

export interface CorridorUser {
  readonly user: string
  readonly name: string
  /** The participant for whom this person acts. */
  readonly organisation: string
  readonly scopes: readonly string[]
}

/** A file of a corridor cannot be read or lacks its list. */
export class CorridorDataError extends Error {
  readonly code = 'CORRIDOR_DATA'

  constructor(readonly path: string, reason: string, options?: ErrorOptions) {
    super(`${path}: ${reason}`, options)
    this.name = 'CorridorDataError'
  }
}

/** Reads `corridor.json`, `participants.json`, `places.json` and `users.json` of a corridor's folder. Throws `CorridorDataError`. */
export async function loadCorridor(folder: string): Promise<Corridor> {
  const [corridor, participants, places, users] = await Promise.all([
    readJson(join(folder, 'corridor.json'), 'stories'),
    readJson(join(folder, 'participants.json'), 'participants'),
    readJson(join(folder, 'places.json'), 'places'),
    readJson(join(folder, 'users.json'), 'users'),
  ])
  return { ...corridor, ...participants, ...places, users: users['users'] } as unknown as Corridor // each row is judged by its schema when it is stated
}

/** Reads one story. Throws `CorridorDataError`; that its references lead somewhere shows when a step's body is made. */
export async function loadStory(path: string): Promise<Story> {
  return (await readJson(path, 'steps')) as unknown as Story // each body is judged by its schema when it is stated
}

/** Data of the `ParticipantAdmitted` statement; the demo's own columns stay out of it. */
export function admissionOf(participant: CorridorParticipant, url: string): ParticipantAdmitted {
  const { port: _port, opsPort: _opsPort, invented: _invented, unverified: _unverified, ...row } = participant
  return { ...row, url }
}

/** Data of the `PlaceRegistered` statement. */
export function registrationOf(place: CorridorPlace): PlaceRegistered {
  const { invented: _invented, unverified: _unverified, ...row } = place
  return row
}

async function readJson(path: string, list: string): Promise<Record<string, unknown>> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new CorridorDataError(path, 'cannot be read', { cause })
  })
  const value = parsed(path, text)
  if (typeof value !== 'object' || value === null || !Array.isArray((value as Record<string, unknown>)[list])) {
    throw new CorridorDataError(path, `lacks the list ${list}`)
  }
  return value as Record<string, unknown> // just seen to be an object
}

function parsed(path: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new CorridorDataError(path, 'is not JSON', { cause })
  }
}
