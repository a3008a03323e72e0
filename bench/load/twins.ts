import { authorityId } from '#libs/consignment'
import { generateKeyPair } from '#libs/signature'
import type { Corridor } from '../../corridors/load.js'
import type { AuthorityPen } from '../../scripts/register/authority-pen.js'
import { admissions, firstKey } from '../../scripts/register/corridor-register.js'
import { provenKey, type BenchCorridor } from '../traffic/founding.js'
import type { Told } from '../traffic/traffic.js'

/**
 * For every participant another one of the same role and country, with a key of the bench's and without a node. A key has one signer: what the bench signs
 * itself it cannot sign as a participant whose node runs.
 */
export async function admitTwins(pen: AuthorityPen, corridor: Corridor): Promise<BenchCorridor> {
  const participants = corridor.participants.filter(({ participant }) => participant !== authorityId).map((row) => ({ ...row, participant: twinOf(row.participant) }))
  await pen.state(admissions({ ...corridor, participants }, pen.register(), (participant) => `http://${participant}.invalid`))
  const keys = new Map(participants.map(({ participant }) => [participant, generateKeyPair()]))
  await pen.state([...keys].flatMap(([participant, pair]) => firstKey(pen.register(), { participant, keys: [provenKey(pen.corridor, participant, pair)] })))
  return { id: pen.corridor, epoch: corridor.epoch, keys }
}

/** Whoever is named in it, their twins are. */
export function toldOfTwins(corridor: Corridor): (told: Told) => Told {
  const names = corridor.participants.map(({ participant }) => participant).filter((participant) => participant !== authorityId)
  const quoted = new RegExp(`"(${names.join('|')})"`, 'g')
  return (told) => JSON.parse(JSON.stringify(told).replaceAll(quoted, (_, name: string) => `"${twinOf(name)}"`)) as Told // the same but for names
}

function twinOf(participant: string): string {
  return `${participant}-twin`
}
