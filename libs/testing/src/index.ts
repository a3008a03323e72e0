export { freePort, freshTopic, privateKafka, sharedKafka } from './local-kafka.js'
export { describeLog, type LogUnderTest } from './log-contract.js'
export { memoryTopic, type MemoryTopic, type RawRecord } from './memory-log.js'
export { until } from './until.js'
