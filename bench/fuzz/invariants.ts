import type { Consignment, Judgement } from '#libs/consignment'
import { canonicalJson, faultOf } from '#libs/documents'
import { verdictCodes } from '../../libs/testing/src/verdict-codes.js'

/** What holds after every record, whatever it was. */

/** The first thing about a judgement that must not be. */
export function brokenBy({ verdict, code, effects, subject }: Judgement, before: Consignment | undefined): string | undefined {
  if (verdict === 'refused' ? code === null || !verdictCodes.has(code) : code !== null) return `verdict ${verdict} with code ${code}`
  if (verdict !== 'accepted' && effects.length > 0) return 'effects of what is not accepted'
  if (verdict !== 'accepted') return before === subject.consignment ? undefined : 'a state changed by what is not accepted'
  const after = subject.consignment
  if (!after) return undefined
  const moved = new Map(effects.flatMap((effect) => (effect.effect === 'custody' ? effect.items.map((id) => [id, effect.holder] as const) : [])))
  const seen = new Set<string>()
  const holderBefore = new Map(before?.items.map(({ id, holder }) => [id, holder]))
  for (const item of after.items) {
    if (seen.has(item.id)) return `${item.id} twice`
    seen.add(item.id)
    if (typeof item.holder !== 'string' || item.holder === '') return `${item.id} has no holder`
    if (item.holder !== (moved.get(item.id) ?? holderBefore.get(item.id))) return `${item.id} changed hands without custody passing`
    if (!Number.isInteger(item.stage) || item.stage < 0 || item.stage > 2 * after.legs.length + 1) return `${item.id} is at stage ${item.stage}`
    if (item.offer !== undefined && !after.offers[item.offer]?.items.includes(item.id)) return `${item.id} is in no such offer`
  }
  for (const [eventId, offer] of Object.entries(after.offers)) {
    const wrong = offer.items.find((id) => after.items.find((item) => item.id === id)?.offer !== eventId)
    if (wrong !== undefined) return `the offer of ${wrong} is not known of it`
  }
  return undefined
}

/** What costs too much to ask of every record: the state is text, and the effects fit their schema. */
export function brokenInDetail({ effects, subject }: Judgement): string | undefined {
  const fault = faultOf('effects', effects)
  if (fault) return `effects ${fault.pointer} ${fault.message}`
  const text = canonicalJson(subject)
  return canonicalJson(JSON.parse(text)) === text ? undefined : 'the state is no plain JSON'
}
