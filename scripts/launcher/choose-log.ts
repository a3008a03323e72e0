import { kafkaObstacle } from '../../infra/kafka/jars.js'
import type { LogAddress } from '#libs/log'
import { Complaint } from '../complaint.js'
import type { CorridorFile } from '../corridor-file.js'
import type { Settings } from '../settings.js'

export interface LogChoice {
  readonly kind: LogAddress['kind']
  /** What the person at the keyboard must know about it. */
  readonly says?: string
}

/**
 * Kafka, unless there is none and none can be run here: then a table of the PostgreSQL that is here anyway. A corridor keeps the kind of log it was
 * founded on. Throws the complaint ANOTHER_LOG where KAFKA_BROKERS contradicts that.
 * @param known of the corridor founded in this data folder
 */
export async function chooseLog(settings: Pick<Settings, 'brokers' | 'dataDir'>, known: Pick<CorridorFile, 'log'> | undefined, obstacle = kafkaObstacle): Promise<LogChoice> {
  const isPinned = known?.log === 'postgres'
  if (isPinned && settings.brokers !== undefined) {
    throw new Complaint('ANOTHER_LOG', `the corridor in ${settings.dataDir} has its log in PostgreSQL, not on KAFKA_BROKERS: unset that, or begin anew with --fresh.`)
  }
  if (known?.log === 'kafka' || settings.brokers !== undefined) return { kind: 'kafka' }
  const missing = await obstacle()
  if (missing === undefined && !isPinned) return { kind: 'kafka' }
  const why = missing ? `${lacks(missing)}, and KAFKA_BROKERS names none` : 'one could run here now, but this corridor was founded without and goes on with its log'
  return { kind: 'postgres', says: `NO KAFKA: ${why}. ${instead}` }
}

const instead =
  'The log is a table in PostgreSQL: no broker between the organisations, whoever runs that server has the log in hand. For trying out only; ' +
  'with Java 17+ and Maven, or with KAFKA_BROKERS, `npm start -- --fresh` founds a corridor on Kafka.'

function lacks({ code, message }: NonNullable<Awaited<ReturnType<typeof kafkaObstacle>>>): string {
  if (code === 'KAFKA_NO_JAVA') return 'there is no Java 17+ here (the command `java`)'
  return code === 'KAFKA_NO_MAVEN' ? 'there is no Maven here (the command `mvn`), which fetches it' : message
}
