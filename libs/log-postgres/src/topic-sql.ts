/** Largest record that the log takes, in bytes; a statement is at most 360,000. */
export const maxRecordBytes = 524_288

/**
 * What a topic is: a schema of its name with the records, one row about them, and the one function that appends. The function runs as the owner, so that
 * members need no right to insert: offset and time are the database's alone. The row is also the lock under which offsets are given: an append holds it
 * to its commit, so there are no gaps, records become visible in the order of their offsets, and nobody else can lock it. A sequence has gaps; a lock on
 * the table stops vacuum; an advisory lock could be taken by any member.
 * Only a superuser who takes the triggers away can change the past; a record that has expired may go.
 */
export function topicSql(topic: string, retentionMs: number): string {
  const schema = `"${topic}"`
  return `
create schema ${schema};
create table ${schema}.record (
  log_offset bigint primary key,
  append_time bigint not null,
  key bytea,
  value bytea,
  headers jsonb
);
alter table ${schema}.record alter column value set storage external;
create table ${schema}.topic (
  is_one boolean primary key default true check (is_one),
  retention_ms bigint not null,
  next bigint not null default 0,
  last_time bigint not null default 0
);
insert into ${schema}.topic (retention_ms) values (${retentionMs});

create function ${schema}.append(keys bytea[], bodies bytea[], headings jsonb[]) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  first bigint;
  stamp bigint;
  kept_from bigint;
begin
  if cardinality(keys) is distinct from cardinality(bodies) or cardinality(headings) is distinct from cardinality(bodies) then
    raise exception 'keys, bodies and headings are of different number' using errcode = '22023';
  end if;
  if exists (select from unnest(keys, bodies, headings) as r (k, v, h)
      where coalesce(octet_length(k), 0) + coalesce(octet_length(v), 0) + coalesce(octet_length(h::text), 0) > ${maxRecordBytes}) then
    raise exception 'a record has more than ${maxRecordBytes} bytes' using errcode = '54000';
  end if;
  update ${schema}.topic
    set next = next + cardinality(bodies), last_time = greatest(last_time, floor(extract(epoch from clock_timestamp()) * 1000)::bigint)
    returning next - cardinality(bodies), last_time, case when retention_ms >= 0 then last_time - retention_ms end into first, stamp, kept_from;
  insert into ${schema}.record
    select first + n - 1, stamp, k, v, h from unnest(keys, bodies, headings) with ordinality as r (k, v, h, n);
  if kept_from is not null then
    delete from ${schema}.record
      where log_offset < (select r.log_offset from ${schema}.record r where r.append_time >= kept_from order by r.log_offset limit 1);
  end if;
  perform pg_notify('${topic}', '');
end $$;
revoke all on function ${schema}.append from public;

create function ${schema}.refuse() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    if old.append_time < (select last_time - retention_ms from ${schema}.topic where retention_ms >= 0) then return old; end if;
  end if;
  raise exception 'records are added and stay as they are' using errcode = '42501';
end $$;
create trigger only_added before update or delete on ${schema}.record for each row execute function ${schema}.refuse();
create trigger never_emptied before truncate on ${schema}.record for each statement execute function ${schema}.refuse();
alter table ${schema}.record enable always trigger only_added, enable always trigger never_emptied;
`
}

/** What members may do. Repeatable: the role's name belongs to the deployment. */
export function grantsOn(topic: string, role: string): string {
  const [schema, name] = [`"${topic}"`, `"${role.replaceAll('"', '""')}"`]
  return `
revoke all on all tables in schema ${schema} from ${name};
grant usage on schema ${schema} to ${name};
grant select on ${schema}.record, ${schema}.topic to ${name};
grant execute on function ${schema}.append to ${name};
`
}
