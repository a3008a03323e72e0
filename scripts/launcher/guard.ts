import { createInterface } from 'node:readline'
import { endAll, type TrackedProcess } from './process-table.js'

/**
 * The guard: a small process that outlives a killed launcher. Each line on its standard input is the list of the launcher's living children; when
 * the input ends, what is on the last list is ended. Servers like Kafka cannot watch a pipe themselves, and a child in the launcher's own process
 * group would be stopped by Ctrl-C in no order at all.
 */
let latest: readonly TrackedProcess[] = []
process.on('SIGHUP', () => undefined) // a closed terminal ends the launcher first, then our input
const lines = createInterface({ input: process.stdin })
lines.on('line', (line) => (latest = JSON.parse(line) as readonly TrackedProcess[]))
lines.on('close', () => {
  void endAll(latest).then((ended) => {
    if (ended.length > 0) console.log(`the launcher was gone: ended ${ended.map(({ name }) => name).join(', ')}`)
  })
})
