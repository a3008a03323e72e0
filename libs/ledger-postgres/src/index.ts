export { LedgerError, type LedgerErrorCode } from './ledger-error.js'
export { migrate } from './migrate.js'
export { openPostgresLedger, type PostgresLedgerOptions } from './open-postgres-ledger.js'
