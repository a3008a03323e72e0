import { afterEach, beforeEach, describe } from '@jest/globals'
import type { Ledger } from '#libs/exchange'
import { applyingContract } from './ledger-contract-applying.js'
import { callsContract } from './ledger-contract-calls.js'
import { decidingContract } from './ledger-contract-deciding.js'
import { linksContract } from './ledger-contract-links.js'
import { readingContract } from './ledger-contract-reading.js'
import { submittingContract } from './ledger-contract-submitting.js'

/** One node's empty database, on which ledgers are opened as its replicas do. */
export interface LedgerUnderTest {
  open(): Promise<Ledger>
  /** Ends the leader's connection behind its back. */
  dropLeader(): Promise<void>
  /** Closes what was opened. */
  close(): Promise<void>
}

/** What a part of the contract asks of the test around it. */
export interface ContractParts {
  ledger(): Ledger
  /** A second replica on the same database. */
  another(): Promise<Ledger>
  dropLeader(): Promise<void>
}

/** What every implementation of the port Ledger does. */
export function describeLedger(name: string, open: () => Promise<LedgerUnderTest>): void {
  describe(`the ledger ${name}`, () => {
    let test: LedgerUnderTest
    let ledger: Ledger
    beforeEach(async () => {
      test = await open()
      ledger = await test.open()
    })
    afterEach(() => test.close())

    const parts: ContractParts = { ledger: () => ledger, another: () => test.open(), dropLeader: () => test.dropLeader() }
    applyingContract(parts)
    decidingContract(parts)
    submittingContract(parts)
    callsContract(parts)
    linksContract(parts)
    readingContract(parts)
  })
}
