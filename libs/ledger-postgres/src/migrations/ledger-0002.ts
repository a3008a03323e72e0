import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * Terms repeat when their subject was opened, not when it was last touched: that never changes, so a batch writes only the terms that come and go
 * (with the last offset it wrote all 300 of a train, nearly half of all applying), and no row moves while somebody turns pages. Whether a body is
 * JSON from its first letter to its last was asked of every body at every write, of a text just made by JSON.stringify; its first letter tells as much.
 * Replicas of the build before cannot write these tables: stop them first.
 */
export class Ledger0002 implements MigrationInterface {
  readonly name = 'Ledger0000000000002'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
alter table dossier add opened bigint, drop constraint dossier_body_check, add constraint dossier_body_check check (starts_with(body, '{'));
update dossier set opened = coalesce((body::json #>> '{opened,offset}')::bigint, last_offset);
alter table dossier alter opened set not null;
drop index dossier_newest;
create index dossier_newest on dossier (opened desc);

drop index term_newest;
alter table term add opened bigint;
update term set opened = dossier.opened from dossier where dossier.subject = term.subject;
delete from term where opened is null;
alter table term alter opened set not null, drop last_offset;
create index term_newest on term (kind, value, opened desc) include (subject);`)
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'))
  }
}
