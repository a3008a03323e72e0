import type { Ledger, LogReader } from '#libs/exchange'
import { openKafkaLog } from '#libs/log-kafka'
import { openPostgresLedger } from '#libs/ledger-postgres'
import { InspectingThread } from '#libs/node'
import { benchExchange } from '../bench-exchange.js'
import type { Contestant } from './contest.js'

/** A node as it runs in earnest: its Exchange follows the topic, judges batches and applies each in one transaction. It makes no statements of its own. */
export const openKarvan: Contestant = async ({ brokers, topic, particularsTopic, corridor, participant, database }, gate) => {
  const clientId = `bench-${participant}`
  const events = await openKafkaLog({ brokers, topic, clientId })
  const particulars = await openKafkaLog({ brokers, topic: particularsTopic, clientId, retentionMs: thirtyDaysMs })
  const postgres = await openPostgresLedger(database)
  let accepted = 0
  const ledger: Ledger = {
    ...postgres,
    apply: async (batch) => {
      const outcome = await postgres.apply(batch)
      accepted = batch.entries.filter(({ verdict }) => verdict === 'accepted').length
      return outcome
    },
  }
  const exchange = benchExchange({ corridor, participant, events, particulars, ledger, inspect: { ahead: new InspectingThread({ idleMs: 3_600_000 }).begin } })
  const gated = (reader: LogReader): LogReader => ({
    onAttach: () => reader.onAttach(),
    onComing: (batch) => gate.whenItsTurn(batch.records[0]?.offset ?? batch.next, () => reader.onComing?.(batch)),
    async onBatch(batch) {
      await gate.pass()
      await reader.onBatch(batch)
      gate.done(batch.records.length, accepted, batch.next)
    },
  })
  exchange.start((from, reader) => events.follow(from, gated(reader)))
}

const thirtyDaysMs = 30 * 24 * 3_600_000
