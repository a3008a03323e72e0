import type { Log } from '#libs/exchange'
import { openLog, type LogAddress } from '#libs/log'
import { Complaint } from '../complaint.js'
import { placeOf, wordsOfPlace } from '../corridor-log.js'

/** Opens the corridor's log for a command. Throws the complaints KAFKA_UNREACHABLE, KAFKA_REFUSED and DATABASE_UNREACHABLE, or what is wrong with the topic. */
export async function openCorridorLog(address: LogAddress, topic: string, create = false): Promise<Log> {
  return reached(address, () => openLog(address, { topic, kind: 'events', clientId: 'karvan-authority', create }))
}

/** Creates the topic of particulars. */
export async function createParticularsTopic(address: LogAddress, topic: string): Promise<void> {
  const log = await reached(address, () => openLog(address, { topic, kind: 'particulars', clientId: 'karvan-authority', create: true }))
  await log.close()
}

async function reached<T>(address: LogAddress, open: () => Promise<T>): Promise<T> {
  try {
    return await open()
  } catch (error) {
    if (!(error instanceof Error)) throw error
    if ('code' in error && typeof error.code === 'string' && error.code.startsWith('LOG_')) throw new Complaint(error.code, `${error.message}.`)
    const refused = refusalsIn(error)
    if (refused.length > 0) throw new Complaint('KAFKA_REFUSED', `${wordsOfPlace(placeOf(address))} does not make the topic: ${refused.join('; ')}.`)
    const code = address.kind === 'kafka' ? 'KAFKA_UNREACHABLE' : 'DATABASE_UNREACHABLE'
    throw new Complaint(code, `${wordsOfPlace(placeOf(address))} does not answer (${error.message}); is the corridor running?`)
  }
}

/** kafkajs puts what the brokers say against a new topic into a list, under a sentence that says nothing. */
function refusalsIn(error: Error): readonly string[] {
  if (!('errors' in error) || !Array.isArray(error.errors)) return []
  return error.errors.flatMap((one: unknown) => (one instanceof Error && one.name === 'KafkaJSCreateTopicError' ? [one.message.replace(/\.$/, '')] : []))
}
