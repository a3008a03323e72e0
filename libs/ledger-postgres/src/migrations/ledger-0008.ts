import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * The members of a state in columns of their own. Every statement on a consignment moves the head of a chain, few change the rest, and as one text all of it
 * was compressed and written each time: a third of the database's work for a lone record. Replicas of the build before cannot read or write this table: stop
 * them first.
 */
export class Ledger0008 implements MigrationInterface {
  readonly name = 'Ledger0000000000008'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
alter table state add column consignment text, add column heads text, add column register text;
update state set consignment = (text::json -> 'consignment')::text, heads = (text::json -> 'heads')::text, register = (text::json -> 'register')::text;
alter table state alter column heads set not null, drop column text;`)
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'))
  }
}
