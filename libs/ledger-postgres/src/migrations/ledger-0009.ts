import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * The first part of a dossier holds what moves with every report (decision 0018), and the last what stands, so that a report no longer compresses and writes the 4 KB of
 * the rest. A build before this one reads such a dossier without what stands and would write it back so: what it writes is refused, which it tells as
 * VIEW_FAILED. Dossiers that stand are read, and written so when they change. The check before searched the whole part, this one looks at its beginning.
 * Replicas of the build before cannot keep views beside this one: stop them first.
 */
export class Ledger0009 implements MigrationInterface {
  readonly name = 'Ledger0000000000009'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
alter table dossier_part drop constraint dossier_part_alike,
  add constraint dossier_part_moving check (part <> 0 or starts_with(body, '{"alike":')) not valid;`)
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'))
  }
}
