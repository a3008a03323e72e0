import { ensureJars } from '../infra/kafka/jars.js'
import { runCommand } from './complaint.js'

/** node scripts/run.mjs kafka-jars: fetches Kafka's jars where they are not there yet. */
await runCommand(async () => {
  await ensureJars()
  return 0
})
