import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * What a lone record writes (decision 0030). When a dossier was touched last stands in its first part, too, and nobody asks for the row's: a dossier's row is
 * written once. An entry of up to 8 KB is kept whole: of reports on a whole train, 3 KB, the bytes went to a table beside it, which is two rows and an index more,
 * and the effects were compressed. Replicas of the build before cannot keep views beside this one: stop them first.
 */
export class Ledger0012 implements MigrationInterface {
  readonly name = 'Ledger0000000000012'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
alter table dossier drop column last_offset;
alter table entry set (toast_tuple_target = 8160);`)
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'))
  }
}
