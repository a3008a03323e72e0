import { judged, smallCorridor, toldIn, type Draft, type Story } from '#libs/testing'
import { evolveDossier, type Told } from './dossier-evolving.js'
import { foldDossier } from './dossier-folding.js'
import type { Dossier, DossierItem } from './dossier.js'
import type { Consignment } from './state.js'

/** Accepted statements of a story on the small corridor, each with the state after it. */
export function accepted(...story: readonly Story[]): readonly (Told & { readonly state: Consignment })[] {
  const log = smallCorridor()
  return toldIn(story).map((draft) => {
    const { code, effects, subject } = judged(log, draft)
    if (code !== null || !subject.consignment) throw new Error(`${draft.type} by ${draft.by} is refused: ${code}`)
    return { ...sourceOf(draft), offset: log.end() - 1, effects, state: subject.consignment }
  })
}

/** What a node shows after a story: folded from its beginning. */
export function dossierOf(...story: readonly Story[]): Dossier {
  const told = accepted(...story)
  const state = told.at(-1)?.state
  const dossier = state && foldDossier(told, state)
  if (!dossier) throw new Error('there is no consignment')
  return dossier
}

/** What a node shows that has gone on statement by statement. */
export function evolved(...story: readonly Story[]): Dossier | undefined {
  return accepted(...story).reduce<Dossier | undefined>((before, { state, ...told }) => evolveDossier(before, [told], state), undefined)
}

/** As JSON has it: what an item lacks is not there. */
export function itemOf(dossier: Dossier, id: string): DossierItem {
  const item = dossier.items.find((one) => one.id === id)
  if (!item) throw new Error(`there is no ${id}`)
  return JSON.parse(JSON.stringify(item)) as DossierItem
}

function sourceOf({ eventId: event, subject, occurredAt, by, type, data }: Draft): Omit<Told, 'offset' | 'effects'> {
  return { event, subject, occurredAt, by, type, data: { ...data } }
}
