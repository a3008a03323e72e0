import type { Log } from '#libs/exchange'
import { openKafkaLog } from '#libs/log-kafka'
import { Complaint } from '../complaint.js'

const thirtyDaysMs = 30 * 24 * 3_600_000

/** Opens the corridor's log for a command. Throws the complaint KAFKA_UNREACHABLE, or what is wrong with the topic. */
export async function openCorridorLog(brokers: readonly string[], topic: string, create = false): Promise<Log> {
  return reached(brokers, () => openKafkaLog({ brokers, topic, clientId: 'karvan-authority', create }))
}

/** Creates the topic of particulars: as the log's, but kept for 30 days (architecture 9). */
export async function createParticularsTopic(brokers: readonly string[], topic: string): Promise<void> {
  const log = await reached(brokers, () => openKafkaLog({ brokers, topic, clientId: 'karvan-authority', create: true, retentionMs: thirtyDaysMs }))
  await log.close()
}

async function reached<T>(brokers: readonly string[], open: () => Promise<T>): Promise<T> {
  try {
    return await open()
  } catch (error) {
    if (!(error instanceof Error)) throw error
    if ('code' in error && typeof error.code === 'string' && error.code.startsWith('LOG_')) throw new Complaint(error.code, `${error.message}.`)
    throw new Complaint('KAFKA_UNREACHABLE', `Kafka at ${brokers.join(', ')} does not answer (${error.message}); is the corridor running?`)
  }
}
