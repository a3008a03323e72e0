import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Links by which somebody without an account may look at one consignment. Of the secret only the hash is kept: who reads this database opens nothing. */
export class Ledger0004 implements MigrationInterface {
  readonly name = 'Ledger0000000000004'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
create table link (
  link_id text collate "C" primary key,
  subject text collate "C" not null,
  secret_hash text collate "C" not null unique,
  label text,
  made_by text not null,
  made_at bigint not null,
  expires_at bigint not null,
  revoked_by text,
  revoked_at bigint,
  uses bigint not null default 0,
  last_used_at bigint,
  check ((revoked_by is null) = (revoked_at is null))
);
create index link_subject on link (subject, made_at desc);`)
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'))
  }
}
