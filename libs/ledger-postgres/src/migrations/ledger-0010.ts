import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * What tables cost beside what is asked of them (decision 0027).
 *
 * Entries are only added, and looked up by keys. Left to itself autovacuum read thirty thousand of them each time a tenth had been added and froze all each time a
 * fifth had; who reads a page first marks what is in it, and with checksums each marked page goes whole into the write-ahead log: 20 MB in a second, for which
 * every commit waited. Three hundred are enough to plan by, and what nobody looks up by needs none.
 *
 * A state is written anew by every batch that tells of it. With room beside it the new row stands in the same page, needs no new entry in the index, and the
 * old one's place is used again; without, each second one went to a new page, and two dozen rows lay in two thousand pages until they were vacuumed.
 */
export class Ledger0010 implements MigrationInterface {
  readonly name = 'Ledger0000000000010'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
alter table state set (fillfactor = 25);
alter table dossier_part set (fillfactor = 60);
alter table entry set (autovacuum_vacuum_insert_threshold = 100000, autovacuum_analyze_scale_factor = 0.5);
alter table entry
  alter log_offset set statistics 1, alter event_id set statistics 1, alter kid set statistics 1, alter subject set statistics 1, alter consumed_sequence set statistics 1,
  alter key set statistics 0, alter value set statistics 0, alter append_time set statistics 0, alter verdict set statistics 0, alter code set statistics 0, alter leaf set statistics 0,
  alter effects set statistics 0, alter issuer set statistics 0, alter type set statistics 0, alter occurred_at set statistics 0;`)
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'))
  }
}
