import { randomUUID } from 'node:crypto';
import { isSwitchbackError, SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { formatIdentifier } from '../sql/identifier';
import type { Session } from './session';
import { schemaVersions } from './switchback-ddl';

/** What there is of the schema `switchback`, and whether this role may work with it. */
export type SchemaState =
  | { kind: 'absent'; mayCreate: boolean }
  | { kind: 'older' | 'current' | 'newer'; version: number; usable: boolean };

export interface DatabaseIdentity {
  /** The database's UUID, made with the schema. */
  id: string;
  /** The server's system identifier when the schema was made; null where it could not be read. */
  systemIdentifier: string | null;
  /** True when this is a copy: the server or the database is not the one the identity was made on. */
  copied: boolean;
}

const newestVersion = Math.max(...schemaVersions.map((one) => one.version));
const tables = [
  'schema_version',
  'identity',
  'migrations',
  'runs',
  'steps',
  'backfills',
  'evidence',
  'rates',
];

/** True when the schema `switchback` has been made here, in whatever version. */
export async function schemaExists(session: Session): Promise<boolean> {
  return (await schemaState(session)).kind !== 'absent';
}

/** The schema's version, and whether this role may read and write all its tables. Reads catalogs only, then one row. */
export async function schemaState(session: Session): Promise<SchemaState> {
  const { rows } = await session.query<{ tables: number; usable: boolean | null; may_create: boolean }>(
    `select count(c.oid)::int as tables,
            has_database_privilege(current_database(), 'create') as may_create,
            bool_and(has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select')
              and (c.relname in ('schema_version', 'identity') or (has_table_privilege(c.oid, 'insert')
                and has_table_privilege(c.oid, 'update') and has_table_privilege(c.oid, 'delete')))) as usable
       from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'switchback' and c.relkind = 'r' and c.relname = any($1)`,
    [tables],
  );
  const row = rows[0]!;
  if (row.tables === 0) return { kind: 'absent', mayCreate: row.may_create };
  if (!row.usable) return { kind: 'older', version: 0, usable: false };
  // Somebody dropped a table: what is missing is made again.
  if (row.tables < tables.length) return { kind: 'older', version: 0, usable: true };
  const version = await readVersion(session);
  return {
    kind: version < newestVersion ? 'older' : version > newestVersion ? 'newer' : 'current',
    version,
    usable: true,
  };
}

/** SQL that makes the schema and, when named, lets a role work with it: for a DBA to read and run. May be run twice. */
export function schemaSql(role: string | null = null): string {
  return ['begin;', installSql(0), ...(role === null ? [] : grantSql(role)), 'commit;', ''].join('\n\n');
}

/**
 * Makes the schema or brings it to the newest version; does nothing when it is there. Throws `no-privilege` with
 * the SQL for a DBA in `details.sql`. Ask for consent first: this writes to the user's database.
 */
export async function installSchema(session: Session): Promise<void> {
  const state = await schemaState(session);
  if (state.kind === 'absent' && !state.mayCreate) throw missingPrivilege(session);
  if (state.kind !== 'absent' && !state.usable) throw missingPrivilege(session);
  if (state.kind === 'current' || state.kind === 'newer') return;
  try {
    await session.transaction(async () => {
      // Two installations at once would both try to create the schema.
      await session.query(`select pg_advisory_xact_lock(hashtext('switchback.schema_version'))`);
      await session.script(installSql(state.kind === 'absent' ? 0 : state.version));
    });
  } catch (error) {
    throw isSwitchbackError(error, 'no-privilege') ? missingPrivilege(session, error) : error;
  }
}

/** Who this database is. Throws `no-consent` where the schema is not there. */
export async function databaseIdentity(session: Session): Promise<DatabaseIdentity> {
  await assertSchema(session);
  const { rows } = await session.query<{
    id: string;
    system_identifier: string | null;
    same_database: boolean;
  }>(
    `select id, system_identifier,
            database_oid = (select oid from pg_catalog.pg_database where datname = current_database()) as same_database
       from switchback.identity`,
  );
  const row = rows[0];
  if (!row) {
    throw new SwitchbackError(
      'database-error',
      t('switchback.identity in "{0}" is empty. Run the SQL of the schema again.', session.facts.database),
    );
  }
  const now = await readSystemIdentifier(session);
  const otherServer = now !== null && row.system_identifier !== null && now !== row.system_identifier;
  return { id: row.id, systemIdentifier: row.system_identifier, copied: otherServer || !row.same_database };
}

/** Makes a copy a database of its own: a new UUID, and the server and database it is on now. */
export async function adoptDatabase(session: Session): Promise<void> {
  await assertSchema(session);
  const id = randomUUID();
  await session.query(
    `update switchback.identity set id = $1::uuid, system_identifier = $2,
            database_oid = (select oid from pg_catalog.pg_database where datname = current_database())`,
    [id, await readSystemIdentifier(session)],
  );
}

/** Throws `no-consent`, with the SQL for a DBA in `details.sql`, where the schema is missing, old, or may not be used. */
export async function assertSchema(session: Session): Promise<void> {
  const state = await schemaState(session);
  if (state.kind === 'absent') {
    throw new SwitchbackError(
      'no-consent',
      t(
        '"{0}" has no schema "switchback" yet, where runs and checkpoints are kept. Let Switchback make it, or have a DBA run its SQL.',
        session.facts.database,
      ),
      { details: { sql: schemaSql(session.facts.user) } },
    );
  }
  if (!state.usable) throw missingPrivilege(session);
  if (state.kind === 'older') {
    throw new SwitchbackError(
      'no-consent',
      t(
        'The schema "switchback" in "{0}" is older than this Switchback or incomplete. Let Switchback update it, or have a DBA run its SQL.',
        session.facts.database,
      ),
      { details: { sql: schemaSql(session.facts.user) } },
    );
  }
}

function installSql(from: number): string {
  return schemaVersions
    .filter((one) => one.version > from)
    .map(
      (one) =>
        `${one.sql}\ninsert into switchback.schema_version (version) values (${one.version}) on conflict do nothing;`,
    )
    .join('\n\n');
}

function grantSql(role: string): string[] {
  const name = formatIdentifier(role);
  return [
    `grant usage on schema switchback to ${name};`,
    `grant select, insert, update, delete on all tables in schema switchback to ${name};`,
  ];
}

function missingPrivilege(session: Session, cause?: unknown): SwitchbackError {
  return new SwitchbackError(
    'no-privilege',
    t(
      '"{0}" may not make or use the schema "switchback" in "{1}". Have a DBA run its SQL.',
      session.facts.user,
      session.facts.database,
    ),
    { cause, details: { sql: schemaSql(session.facts.user) } },
  );
}

async function readVersion(session: Session): Promise<number> {
  const { rows } = await session.query<{ version: number | null }>(
    'select max(version) as version from switchback.schema_version',
  );
  return rows[0]?.version ?? 0;
}

/** https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-CONTROLDATA */
async function readSystemIdentifier(session: Session): Promise<string | null> {
  const allowed = await session.query<{ may: boolean }>(
    `select coalesce(has_function_privilege(to_regprocedure('pg_catalog.pg_control_system()'), 'execute'), false) as may`,
  );
  if (!allowed.rows[0]?.may) return null;
  const { rows } = await session.query<{ id: string }>(
    'select system_identifier::text as id from pg_catalog.pg_control_system()',
  );
  return rows[0]?.id ?? null;
}
