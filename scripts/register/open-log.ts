import type { Log } from '#libs/exchange'
import { openLog, type LogAddress } from '#libs/log'
import { Complaint } from '../complaint.js'
import { placeOf, wordsOfPlace } from '../corridor-log.js'

/** Opens the corridor's log for a command. Throws the complaints KAFKA_UNREACHABLE and DATABASE_UNREACHABLE, or what is wrong with the topic. */
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
    const code = address.kind === 'kafka' ? 'KAFKA_UNREACHABLE' : 'DATABASE_UNREACHABLE'
    throw new Complaint(code, `${wordsOfPlace(placeOf(address))} does not answer (${error.message}); is the corridor running?`)
  }
}
