import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * The first tables. Identifiers compare by bytes (`collate "C"`), whatever locale the server was made with. Migrations go forward only: a mistake is
 * mended by the next one, because replicas of the version before may still be running.
 */
export class Ledger0001 implements MigrationInterface {
  readonly name = 'Ledger0000000000001' // TypeORM orders by the last 13 digits

  async up(runner: QueryRunner): Promise<void> {
    for (const statements of [fromTheLog, views, ownStatements, particulars]) await runner.query(statements)
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'))
  }
}

/** Signed bytes are kept uncompressed (`storage external`): base64url does not compress, and an offset is read without unpacking. */
const fromTheLog = `
create table entry (
  log_offset bigint primary key,
  key bytea,
  value bytea storage external,
  append_time bigint not null,
  verdict text not null check (verdict in ('accepted', 'refused', 'duplicate')),
  code text,
  leaf bytea not null,
  effects text not null,
  event_id text collate "C",
  kid text collate "C",
  issuer text,
  subject text collate "C",
  type text,
  occurred_at text,
  consumed_sequence bigint
);
-- No two records consume one number of a chain: even a broken judge cannot store a fork as accepted.
create unique index entry_consumed on entry (kid, subject, consumed_sequence) where consumed_sequence is not null;
create index entry_event on entry (event_id) where event_id is not null;
create index entry_subject on entry (subject, log_offset) where subject is not null;

-- Offsets without a record. A table of its own: an entry has a verdict, a hole has none, and both audits read them in one union.
create table hole (log_offset bigint primary key, leaf bytea not null);

create table cursor (single boolean primary key default true check (single), next bigint not null, frontier text not null);
insert into cursor (next, frontier) values (0, '0:');

create table state (subject text collate "C" primary key, text text not null);
create table tree_head (size bigint primary key, root text not null, frontier text not null);
`

/**
 * The body is text that must be a JSON object: nothing searches inside it, jsonb costs twice the time to write and gives other text back.
 * Terms repeat the dossier's last offset so that one index answers "newest first"; joined from the dossier, a broad term would sort every match.
 */
const views = `
create table dossier (subject text collate "C" primary key, body text not null check (body is json object), last_offset bigint not null);
create index dossier_newest on dossier (last_offset desc);

create table term (
  subject text collate "C" not null,
  kind text collate "C" not null,
  value text collate "C" not null check (octet_length(value) <= 256),
  last_offset bigint not null,
  primary key (subject, kind, value)
);
create index term_newest on term (kind, value, last_offset desc) include (subject);

create table view_error (
  id bigint generated always as identity primary key,
  subject text not null,
  log_offset bigint not null,
  message text not null,
  noticed_at timestamptz not null default now()
);
`

const ownStatements = `
create table chain_head (
  kid text collate "C" not null,
  subject text collate "C" not null,
  sequence bigint not null, -- 0: nothing allocated; the row stays, for it is what submitters lock
  event_id text,
  primary key (kid, subject),
  check ((sequence = 0) = (event_id is null))
);

create table outbox (
  id bigint generated always as identity primary key,
  event_id text collate "C" not null unique,
  kid text collate "C" not null,
  subject text collate "C" not null,
  sequence bigint not null,
  value text storage external not null,
  value_digest bytea not null, -- finds the row of a record refused before its event id is known
  type text not null,
  issuer text not null,
  occurred_at text not null,
  state text not null default 'new' check (state in ('new', 'sent', 'decided')),
  verdict text,
  code text,
  decided_offset bigint,
  sent_at timestamptz,
  created_at timestamptz not null default now(),
  check ((state = 'decided') = (verdict is not null))
);
-- Small whatever the age of the node: decided rows are not in them.
create index outbox_new on outbox (id) where state = 'new';
create index outbox_sent on outbox (sent_at) where state = 'sent';
create index outbox_undecided on outbox (subject, id) where state <> 'decided';
create index outbox_undecided_value on outbox (value_digest) where state <> 'decided';

-- Statements by an own key that the outbox does not know: another database signs with it. One row a key is enough to stop signing.
create table foreign_use (kid text collate "C" primary key, event_id text not null, log_offset bigint not null);

create table idempotency (
  organisation text collate "C" not null,
  key text collate "C" not null,
  body_hash text not null,
  event_id text not null,
  created_at timestamptz not null default now(),
  primary key (organisation, key)
);
create index idempotency_age on idempotency (created_at);
`

const particulars = `
create table block (digest text collate "C" primary key, plaintext text not null);

create table outgoing_block (
  event_id text collate "C" not null,
  digest text collate "C" not null,
  jwe text not null,
  sent boolean not null default false,
  primary key (event_id, digest)
);

create table block_need (
  digest text collate "C" not null,
  subject text collate "C" not null,
  name text not null,
  "for" text,
  issuer text not null,
  readers text[] not null,
  missing boolean not null,
  primary key (subject, digest)
);
create index block_need_missing on block_need (digest) where missing;

create table particulars_cursor (single boolean primary key default true check (single), next bigint not null);
insert into particulars_cursor (next) values (0);
`
