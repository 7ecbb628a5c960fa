import type { Session } from '../database/session';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { formatIdentifier, quoteIdentifier, quoteLiteral } from '../sql/identifier';
import { appliedRow } from './applied-row';
import type { History, HistoryTable } from './layout';
import type { PlannedChange } from './planned-change';

/** The tool's own name of the schema of its registry; `registry` in sqitch.conf names another. */
export const usualRegistry = 'sqitch';
/** The release of the registry that Sqitch 1.0 to 1.5 makes. */
const release = '1.1';

/** The schema of the registry, quoted for SQL. */
export function registryOf(table: HistoryTable | null | undefined): string {
  return quoteIdentifier(table?.schema ?? usualRegistry);
}

interface ChangeRow {
  change_id: string;
  change: string;
  project: string;
  script_hash: string | null;
  committed_at: string | Date;
  committer_name: string;
}

/**
 * The deployed changes of all projects in the order deployed. Throws `invalid-input` where the schema is none of
 * Sqitch's, or one of an older release, which Sqitch upgrades.
 */
export async function readSqitchHistory(
  session: Session,
  changed: HistoryTable | null | undefined,
): Promise<History> {
  const schema = changed?.schema ?? usualRegistry;
  const table = `${formatIdentifier(schema)}.changes`;
  const { rows: found } = await session.query<{ columns: string[] | null }>(
    `select array_agg(a.attname::text) as columns from pg_attribute a
     join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = $1 and c.relname = 'changes' and a.attnum > 0 and not a.attisdropped`,
    [schema],
  );
  const { columns } = found[0]!;
  if (columns === null) return { exists: false, table, applied: [], cumulative: false, inOrder: true };
  const needed = ['change_id', 'change', 'project', 'committed_at', 'committer_name', 'planner_email'];
  const missing = [...needed, 'script_hash'].find((column) => !columns.includes(column));
  if (missing !== undefined) {
    throw new SwitchbackError(
      'invalid-input',
      missing === 'script_hash'
        ? t('The registry {0} is of an older release of Sqitch. Run "sqitch upgrade".', table)
        : t(
            'The table {0} is not Sqitch\'s: it has no column "{1}". Choose the database or the migrations folder that belong together.',
            table,
            missing,
          ),
    );
  }
  const { rows } = await session.query<ChangeRow>(
    `select change_id, change, project, script_hash, committed_at, committer_name
     from ${registryOf(changed)}.changes order by committed_at, change_id`,
  );
  const applied = rows.map((row) =>
    appliedRow(row.change_id, {
      name: row.change,
      appliedAt: new Date(row.committed_at).toISOString(),
      appliedBy: row.committer_name,
      contentHash: row.script_hash,
      project: row.project,
    }),
  );
  // The tool goes on behind the last deployed change and never comes back to one before it.
  return { exists: true, table, applied, cumulative: false, inOrder: true };
}

/** Makes the registry as the tool does before its first deployment, and the row of the project; each where missing. */
export function makeRegistry(
  registry: string,
  planned: PlannedChange | undefined,
  committer: { name: string; email: string },
): string[] {
  const who = `${quoteLiteral(committer.name)}, ${quoteLiteral(committer.email)}`;
  const make = `begin
if to_regclass(${quoteLiteral(`${registry}.changes`)}) is null then
  create schema if not exists ${registry};
  ${tables(registry).join(';\n  ')};
  insert into ${registry}.releases (version, installed_at, installer_name, installer_email)
    values (${release}, clock_timestamp(), ${who});
end if;
end`;
  return [`do ${quoteLiteral(make)}`, ...(planned ? [registerProject(registry, planned, who)] : [])];
}

function registerProject(registry: string, { project, uri }: PlannedChange, who: string): string {
  const name = quoteLiteral(project);
  const address = uri === null ? 'null' : quoteLiteral(uri);
  const other = t(
    'Sqitch has the project "{0}" in this database with another URI than the plan names.',
    project,
  );
  const taken = t('Sqitch has the URI of the project "{0}" in this database for another project.', project);
  const body = `begin
if exists (select from ${registry}.projects where project = ${name}) then
  if exists (select from ${registry}.projects where project = ${name} and uri is distinct from ${address}) then
    raise exception using message = ${quoteLiteral(other)};
  end if;
elsif exists (select from ${registry}.projects where uri = ${address}) then
  raise exception using message = ${quoteLiteral(taken)};
else
  insert into ${registry}.projects (project, uri, created_at, creator_name, creator_email)
    values (${name}, ${address}, clock_timestamp(), ${who});
end if;
end`;
  return `do ${quoteLiteral(body)}`;
}

/** As App/Sqitch/Engine/pg.sql of the tool has them, without its comments on tables and columns. */
function tables(registry: string): string[] {
  const project = `project text not null references ${registry}.projects (project) on update cascade`;
  const change = `references ${registry}.changes (change_id) on update cascade`;
  const committed = `committed_at timestamptz not null default clock_timestamp(),
  committer_name text not null,
  committer_email text not null,
  planned_at timestamptz not null,
  planner_name text not null,
  planner_email text not null`;
  return [
    `create table ${registry}.releases (
  version real primary key,
  installed_at timestamptz not null default clock_timestamp(),
  installer_name text not null,
  installer_email text not null)`,
    `create table ${registry}.projects (
  project text primary key,
  uri text null unique,
  created_at timestamptz not null default clock_timestamp(),
  creator_name text not null,
  creator_email text not null)`,
    `create table ${registry}.changes (
  change_id text primary key,
  script_hash text null,
  change text not null,
  ${project},
  note text not null default '',
  ${committed},
  unique (project, script_hash))`,
    `create table ${registry}.tags (
  tag_id text primary key,
  tag text not null,
  ${project},
  change_id text not null ${change},
  note text not null default '',
  ${committed},
  unique (project, tag))`,
    `create table ${registry}.dependencies (
  change_id text not null ${change} on delete cascade,
  type text not null,
  dependency text not null,
  dependency_id text null ${change} constraint dependencies_check check (
    (type = 'require' and dependency_id is not null) or (type = 'conflict' and dependency_id is null)),
  primary key (change_id, dependency))`,
    `create table ${registry}.events (
  event text not null constraint events_event_check check (event in ('deploy', 'revert', 'fail', 'merge')),
  change_id text not null,
  change text not null,
  ${project},
  note text not null default '',
  requires text[] not null default '{}',
  conflicts text[] not null default '{}',
  tags text[] not null default '{}',
  ${committed},
  primary key (change_id, committed_at))`,
  ];
}
