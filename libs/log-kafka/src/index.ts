export { batchPattern, LogBatchStrategy, type LogDelivery } from './batch-strategy.js'
export { openKafkaLog, type KafkaLogOptions } from './kafka-log.js'
