import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * A dossier in parts: what is neither note nor item, the note, and each item. As one text the 80 KB of a train were compressed and written for every
 * report on one of its boxes, more work than all the rest of the transaction. Replicas of the build before cannot write these tables: stop them first.
 */
export class Ledger0005 implements MigrationInterface {
  readonly name = 'Ledger0000000000005'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
create table dossier_part (
  subject text collate "C" not null,
  part integer not null,
  body text not null check (starts_with(body, '{') or body = 'null'),
  primary key (subject, part)
);
insert into dossier_part (subject, part, body) select subject, 0, (body::jsonb - 'note' - 'items')::text from dossier;
insert into dossier_part (subject, part, body) select subject, 1, (body::json -> 'note')::text from dossier;
insert into dossier_part (subject, part, body)
  select d.subject, i.place + 1, i.item::text from dossier d, json_array_elements(d.body::json -> 'items') with ordinality as i (item, place);
alter table dossier drop body;`)
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'))
  }
}
