import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * How fast entries are frozen (decision 0027). Freezing marks all their pages, 210 MB of write-ahead log for the 120,000 entries it waits for; at a tenth of
 * the usual pace (20 ms where 2 are usual between two pieces of work) that is 3 MB a second for a minute, beside which commits are as fast as alone.
 */
export class Ledger0011 implements MigrationInterface {
  readonly name = 'Ledger0000000000011'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table entry set (autovacuum_vacuum_cost_delay = 20)')
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'))
  }
}
