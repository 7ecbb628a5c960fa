/** One version of the schema `switchback`; a released one is never changed, the next is added after it. */
export interface SchemaVersion {
  version: number;
  sql: string;
}

/** The DDL of the schema `switchback`, oldest version first. Each text may be run twice. Needs PostgreSQL 12. */
export const schemaVersions: readonly SchemaVersion[] = [
  {
    version: 1,
    sql: `create schema if not exists switchback;
comment on schema switchback is 'Switchback: what was run, how far backfills have come, and who runs what. Remove it when no plan is open.';

create table if not exists switchback.schema_version (
  version integer primary key,
  installed_at timestamptz not null default now(),
  installed_by text not null default current_user
);

create table if not exists switchback.identity (
  one_row boolean primary key default true check (one_row),
  id uuid not null,
  system_identifier text,
  database_oid oid,
  created_at timestamptz not null default now()
);

create table if not exists switchback.migrations (
  directory text not null,
  version text not null,
  name text not null,
  content_hash text,
  applied_at timestamptz not null default now(),
  applied_by text not null default current_user,
  milliseconds bigint,
  primary key (directory, version)
);

create table if not exists switchback.runs (
  plan_id text primary key,
  state text not null default 'ready' check (state in ('draft', 'ready', 'expanding', 'migrating', 'waiting',
    'contracting', 'done', 'rolled-back', 'abandoned')),
  phase text check (phase in ('expand', 'migrate', 'contract')),
  fence bigint not null default 0,
  owner text,
  started_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table if not exists switchback.steps (
  plan_id text not null references switchback.runs on delete cascade,
  step_id text not null,
  state text not null check (state in ('blocked', 'ready', 'running', 'paused', 'done', 'failed', 'rolled-back', 'skipped')),
  intent_at timestamptz,
  started_at timestamptz,
  finished_at timestamptz,
  done_by text,
  milliseconds bigint,
  content_hash text,
  evidence jsonb,
  error text,
  primary key (plan_id, step_id)
);

create table if not exists switchback.backfills (
  plan_id text not null references switchback.runs on delete cascade,
  step_id text not null,
  state text not null check (state in ('pending', 'running', 'holding', 'paused', 'done', 'failed', 'cancelled')),
  fence bigint not null,
  position jsonb,
  rows_done bigint not null default 0,
  rows_total bigint not null default 0,
  batch_rows integer not null,
  started_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  error text,
  primary key (plan_id, step_id)
) with (fillfactor = 50);

create table if not exists switchback.evidence (
  id bigint generated always as identity primary key,
  plan_id text not null references switchback.runs on delete cascade,
  step_id text,
  gate text not null,
  verdict text not null check (verdict in ('held', 'failed', 'waived', 'passed')),
  at timestamptz not null default now(),
  by text not null,
  content_hash text,
  details jsonb not null default '{}'
);
create index if not exists evidence_plan_id on switchback.evidence (plan_id);

create table if not exists switchback.rates (
  kind text not null,
  relation text not null default '',
  bytes_per_second double precision,
  rows_per_second double precision,
  measured_at timestamptz not null default now(),
  primary key (kind, relation)
);

do $$
declare
  control_identifier text;
begin
  begin
    select system_identifier::text into control_identifier from pg_control_system();
  exception when others then
    control_identifier := null; -- some hosters do not let it be read
  end;
  insert into switchback.identity (id, system_identifier, database_oid)
  select md5(random()::text || clock_timestamp()::text || pg_postmaster_start_time()::text || coalesce(control_identifier, ''))::uuid,
         control_identifier, (select oid from pg_database where datname = current_database())
  on conflict do nothing;
end
$$;`,
  },
];
