import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * What items of a dossier have in common lies in its first part (decision 0016). A build before this one reads such items without it and would write back
 * what is no longer so: its dossiers are refused, which it tells as VIEW_FAILED. Dossiers that stand are read, and written so when they change. Replicas of
 * the build before cannot keep views beside this one: stop them first.
 */
export class Ledger0007 implements MigrationInterface {
  readonly name = 'Ledger0000000000007'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table dossier_part add constraint dossier_part_alike check (part <> 0 or body like '%"alike":%') not valid;`)
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'))
  }
}
