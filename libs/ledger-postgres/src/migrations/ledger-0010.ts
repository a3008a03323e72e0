import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * Entries are only added, and looked up by keys: autovacuum, left to itself, read and froze them all over and sampled thirty thousand of them each time a fifth
 * and a tenth had come, which every few minutes kept a shared server from what is waited for (decision 0027). A sample of three thousand is enough to plan by,
 * and what nobody searches by needs none.
 */
export class Ledger0010 implements MigrationInterface {
  readonly name = 'Ledger0000000000010'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
alter table entry set (autovacuum_vacuum_insert_threshold = 100000, autovacuum_analyze_scale_factor = 0.5);
alter table entry
  alter log_offset set statistics 10, alter event_id set statistics 10, alter kid set statistics 10, alter subject set statistics 10, alter consumed_sequence set statistics 10,
  alter key set statistics 0, alter value set statistics 0, alter append_time set statistics 0, alter verdict set statistics 0, alter code set statistics 0, alter leaf set statistics 0,
  alter effects set statistics 0, alter issuer set statistics 0, alter type set statistics 0, alter occurred_at set statistics 0;`)
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'))
  }
}
