import { canonicalJson, digestOf } from '#libs/documents'
import type { NewRecord, SigningKey } from '#libs/exchange'
import { eventIdOf, signJws, typs } from '#libs/signature'
import { dataOf } from '../../corridors/judge-story.js'
import type { JsonObject } from '../../corridors/story.js'
import { signingKeyOf, type BenchCorridor } from './founding.js'

export interface Signed {
  readonly record: NewRecord
  readonly eventId: string
}

export type Pen = (subject: string, type: string, body: JsonObject, occurredAt: string) => Signed

/** Everybody's pen. @throws when somebody is asked for who has no key */
export function pensOf({ id, keys }: Pick<BenchCorridor, 'id' | 'keys'>): (participant: string) => Pen {
  const pens = new Map([...keys].map(([participant, pair]) => [participant, penOf(id, participant, signingKeyOf(pair))]))
  return (participant) => {
    const pen = pens.get(participant)
    if (!pen) throw new Error(`${participant} has no key`)
    return pen
  }
}

/** One participant's signing, as its node would do it: a chain for each subject, digests in place of the particulars' blocks. */
function penOf(corridor: string, issuer: string, key: SigningKey): Pen {
  const heads = new Map<string, { readonly sequence: number; readonly eventId: string }>()
  return (subject, type, body, occurredAt) => {
    const head = heads.get(subject)
    const sequence = (head?.sequence ?? 0) + 1
    const payload = canonicalJson({
      v: 1, corridor, subject, type, issuer, actor: { pseudonym: `operator-of-${issuer}`, assurance: 'substantial' }, sequence, ...(head && { previous: head.eventId }),
      asOf: { size: 1_000_000 + heads.size, root: digestOf(subject) }, occurredAt, data: dataOf(body),
    })
    const value = signJws({ ...key, typ: typs.event, payload, iat: Math.floor(Date.parse(occurredAt) / 1_000) })
    const eventId = eventIdOf(value.slice(0, value.lastIndexOf('.')))
    heads.set(subject, { sequence, eventId })
    return { record: { key: subject, value }, eventId }
  }
}
