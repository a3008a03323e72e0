export { FetchesInCommon } from '#libs/log-kafka'
export { openLog, type KafkaAddress, type LogAddress, type LogOptions, type PostgresAddress } from './open-log.js'
