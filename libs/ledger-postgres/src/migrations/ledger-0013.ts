import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * One check of a dossier's part instead of two (decision 0032). PostgreSQL reads each check's expression anew with each statement and asks it twice of a row
 * that takes another's place: of the part that moves with every report, 5 KB, that it is JSON to its last letter was a twentieth of all that the server did. Of that one only
 * its beginning is looked at now; boxes, note and what stands are JSON from their first letter to their last, as before.
 */
export class Ledger0013 implements MigrationInterface {
  readonly name = 'Ledger0000000000013'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
alter table dossier_part drop constraint dossier_part_body_check, drop constraint dossier_part_moving,
  add constraint dossier_part_body check (case part when 0 then starts_with(body, '{"alike":') else body is json object or body = 'null' end) not valid;`)
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'))
  }
}
