import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * Calls over many consignments (decision 0015). A part keeps the event made of it in the row itself, in the transaction that makes it, and not under an idempotency
 * key: those are forgotten after thirty days, and a node that stood still for longer would make the statement twice.
 */
export class Ledger0003 implements MigrationInterface {
  readonly name = 'Ledger0000000000003'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
create table call (
  call_id text collate "C" primary key,
  kind text not null,
  facts text not null,
  made_at bigint not null
);

create table call_part (
  call_id text collate "C" not null references call,
  part integer not null,
  subject text collate "C" not null,
  request text not null,
  event_id text collate "C",
  refusal text,
  primary key (call_id, part),
  check (event_id is null or refusal is null)
);
-- Small whatever the age of the node: finished parts are not in it.
create index call_part_open on call_part (call_id) where event_id is null and refusal is null;`)
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'))
  }
}
