import { describeLedger } from './ledger-contract.js'
import { memoryDatabase } from './memory-database.js'
import { openMemoryLedger } from './memory-ledger.js'

describeLedger('in memory', async () => {
  const database = memoryDatabase()
  return {
    open: async () => openMemoryLedger(database),
    dropLeader: async () => database.endLead?.(),
    close: async () => undefined,
  }
})
