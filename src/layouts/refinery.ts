import path from 'node:path';
import type { Session } from '../database/session';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { Files } from '../ports/files';
import { filesNamedLike } from './evidence-text';
import { cargoEvidence } from './cargo-project';
import { historyTable } from './history-columns';
import { schemaOf, tableSql } from './history-table';
import type {
  AppliedMigration,
  History,
  HistoryTable,
  Layout,
  LayoutEvidence,
  LayoutExecution,
} from './layout';
import { migrationScript, readDirection } from './migration-script';
import {
  downFolder,
  downPathOf,
  refineryChecksum,
  refineryMigrations,
  refineryName,
  wayBackName,
} from './refinery-files';
import { compareVersions, fileWords, nextVersion } from './versions';
import { appliedRow } from './applied-row';

const usual: HistoryTable = { schema: null, name: 'refinery_schema_history' };
const signs = {
  crates: ['refinery', 'refinery-core', 'refinery_core', 'refinery-macros'],
  traces: ['refinery.toml'],
};

/**
 * https://github.com/rust-db/refinery: `V1__name.sql`, or `U1__name.sql` for one that may come late. It goes forward
 * only, each file in a transaction, and takes no lock. Names are those of refinery_core/src/util.rs, the table and its
 * rows those of traits/mod.rs, the checksum that of runner.rs.
 */
export const refinery: Layout = {
  id: 'refinery',
  title: 'refinery',

  folderOf(file) {
    const name = path.basename(file);
    const folder = path.dirname(file);
    if (refineryName(name)) return folder;
    return path.basename(folder) === downFolder && wayBackName(name) ? path.dirname(folder) : null;
  },

  compare: compareVersions,

  // Over the file's name and bytes, a carriage return among them. A byte order mark is not counted: PostgreSQL refuses it.
  recordedHash(up) {
    const name = refineryName(path.basename(up.path));
    return name && refineryChecksum(name, up.sql);
  },

  detect: (folder, files) => evidenceOf(folder, files),

  list: (folder, files) => refineryMigrations(folder, files),

  async script(migration, direction, files) {
    const read = await readDirection(migration, direction, files);
    if (!read) return null;
    const { file, text: sql } = read;
    return migrationScript({ path: file, direction, sql, offset: 0, transaction: 'wrapped' });
  },

  history: (_directory, session, table) => readHistory(session, table ?? usual),

  // The checksum it records is one that psql cannot work out.
  historyQuery: null,

  outsideTransaction: { by: 'never' },

  compose(request, existing) {
    const written = existing.map((migration) => /\d+/.exec(path.basename(migration.upPath))![0]);
    const version = nextVersion(written, request.now, 1);
    const upPath = path.join(request.folder, `V${version}__${fileWords(request.name)}.sql`);
    const up = { path: upPath, text: request.up, direction: 'up' as const, version };
    if (request.down === null) return [up];
    return [up, { path: downPathOf(upPath), text: request.down, direction: 'down', version }];
  },

  execution(migration, direction, context): LayoutExecution {
    const table = tableSql(context.table ?? usual);
    return {
      lock: null,
      prepare: [...schemaOf(context.table), createTable(table)],
      before: [],
      // Newer releases write the row in a transaction right after the file's; a row that cannot be lost is the same row.
      sameTransaction: true,
      record: () =>
        direction === 'down'
          ? [{ sql: `delete from ${table} where version = $1::int4`, parameters: [migration.version] }]
          : [
              {
                sql: insertSql(table),
                parameters: [migration.version, migration.name, context.recordedHash],
              },
            ],
    };
  },
};

function createTable(table: string): string {
  return `create table if not exists ${table} (
  version int4 primary key,
  name varchar(255),
  applied_on varchar(255),
  checksum varchar(255)
)`;
}

/** The time in RFC 3339 as Rust's time crate writes it: no zeros behind the last digit of the second. */
function insertSql(table: string): string {
  return `insert into ${table} (version, name, applied_on, checksum)
values ($1::int4, $2::varchar,
  rtrim(rtrim(to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), '0'), '.') || 'Z', $3::varchar)`;
}

/** Flyway's files look the same: only a Rust project that depends on refinery tells them apart. */
async function evidenceOf(folder: string, files: Files): Promise<LayoutEvidence | null> {
  const migrations = await refineryMigrations(folder, files);
  const [first] = migrations;
  if (!first) return null;
  const names = filesNamedLike(migrations.length, path.basename(first.upPath));
  const project = await cargoEvidence(folder, signs, files);
  if (project.length > 0) return { confidence: 0.95, evidence: [names, ...project] };
  return { confidence: 0.4, evidence: [names] };
}

interface HistoryRow {
  version: string;
  name: string | null;
  applied_on: string | null;
  checksum: string | null;
}

async function readHistory(session: Session, table: HistoryTable): Promise<History> {
  const texts = ['name', 'applied_on', 'checksum'].map((column) => `${column} character varying`);
  const found = await historyTable(session, 'refinery', table, texts);
  if (!found.exists) return { exists: false, table: found.name, applied: [], cumulative: false };
  await refuseWideVersions(session, found);
  const { rows } = await session.query<HistoryRow>(
    `select version::text as version, name, applied_on, checksum from ${found.sql} order by version`,
  );
  const applied = rows.map(appliedOf).sort((a, b) => compareTimes(a.appliedAt, b.appliedAt));
  return { exists: true, table: found.name, applied, cumulative: false };
}

/** With eight bytes for a version, checksums are others, which nothing in the files tells. */
async function refuseWideVersions(session: Session, found: { name: string; sql: string }): Promise<void> {
  const { rows } = await session.query<{ type: string }>(
    "select format_type(atttypid, null) as type from pg_attribute where attrelid = $1::regclass and attname = 'version'",
    [found.sql],
  );
  if (rows[0]?.type === 'integer') return;
  throw new SwitchbackError(
    'invalid-input',
    t(
      'The versions in {0} are not of the type integer: refinery was built with "int8-versions" there, whose checksums Switchback does not write. Run its migrations with refinery itself.',
      found.name,
    ),
  );
}

function appliedOf(row: HistoryRow): AppliedMigration {
  const time = Date.parse(row.applied_on ?? '');
  return appliedRow(row.version, {
    name: row.name,
    appliedAt: Number.isNaN(time) ? null : new Date(time).toISOString(),
    contentHash: row.checksum,
  });
}

/** Rows of one time stay in the order of their versions. */
function compareTimes(a: string | null, b: string | null): number {
  return (a ?? '') < (b ?? '') ? -1 : (a ?? '') > (b ?? '') ? 1 : 0;
}
