export { batchPattern, LogBatchStrategy, type LogDelivery } from './batch-strategy.js'
export { FetchesInCommon } from './fetches-in-common.js'
export { openKafkaLog, type KafkaLogOptions } from './kafka-log.js'
