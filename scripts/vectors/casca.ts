import { randomBytes } from 'node:crypto'
import { authorityId, rulesDigest, rulesVersion } from '#libs/consignment'
import { canonicalJson, type StatementData, type StatementType } from '#libs/documents'
import { digestOfBlock, eventIdOf, newSalt, splitJws } from '#libs/signature'
import { admissionOf, loadCorridor, loadStory, registrationOf } from '../../corridors/load.js'
import { bodyOfStep, occurredAtOf, type Json, type JsonObject } from '../../corridors/story.js'
import { draft, jwkOf } from '../../libs/testing/src/draft.js'
import { keyAdded } from '../../libs/testing/src/register-builders.js'
import { VectorLog } from './vector-log.js'
import type { VectorFile } from './vector-file.js'

const folder = 'corridors/trans-caspian'
const subject = '01970000-0000-7000-8000-000000000091'

/** The copper train from Ahangaran to Burgas, every statement of it, on the register of the demo's corridor. */
export async function casca(): Promise<VectorFile> {
  const log = await foundTransCaspian()
  const story = await loadStory(`${folder}/stories/casca.json`)
  const t0 = new Date('2026-06-01T06:00:00Z')
  const events = new Map<string, string>()
  for (const step of story.steps) {
    const data = dataOf(bodyOfStep(story, step, { t0, events })) as unknown as StatementData[StatementType] // judged by its schema when it is stated
    const statement = draft(step.statement, step.by, data, { subject, occurredAt: occurredAtOf(step, t0) })
    const value = await log.state(`${step.name}: ${step.says}`, statement, step.expect ? `RULE:${step.expect.code}` : 'accepted')
    if (!step.expect) events.set(step.name, eventIdOf(splitJws(value)?.signingInput ?? ''))
  }
  return log.file()
}

async function foundTransCaspian(): Promise<VectorLog> {
  const { name, epoch, host, participants, places } = await loadCorridor(folder)
  const log = new VectorLog('casca', draft('CorridorFounded', authorityId, {
    name, epoch, topic: `${name}.${epoch}.events`, authorityKeys: [jwkOf(authorityId)], rulesVersion, rulesDigest: rulesDigest(),
  }))
  await log.append('the corridor is founded', 'corridor', log.founding, 'accepted')
  for (const row of participants.filter(({ participant }) => participant !== authorityId)) {
    await log.state(`${row.participant} is admitted`, draft('ParticipantAdmitted', authorityId, admissionOf(row, `http://${host}:${row.port}`)))
    await log.state(`the first key of ${row.participant}`, keyAdded(row.participant))
  }
  for (const place of places) await log.state(`${place.placeId} is registered`, draft('PlaceRegistered', authorityId, registrationOf(place)))
  return log
}

/** A body as it is signed: digests of the salted blocks where their plaintext stood. */
function dataOf({ particulars, ...data }: JsonObject): JsonObject {
  if (!particulars) return data
  const plain = (particulars as unknown as { blocks: (JsonObject & { content: JsonObject })[] }).blocks // judged by its schema in the story's own test
  const blocks = plain.map(({ content, ...block }): Json => ({ ...block, digest: digestOfBlock(canonicalJson({ ...content, salt: newSalt(randomBytes) })) }))
  return data['note'] ? { ...data, note: { ...(data['note'] as JsonObject), particulars: { blocks } } } : { ...data, particulars: { blocks } }
}
