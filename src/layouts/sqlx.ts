import { createHash } from 'node:crypto';
import path from 'node:path';
import type { Session } from '../database/session';
import type { Files } from '../ports/files';
import { filesNamedLike } from './evidence-text';
import { cargoEvidence } from './cargo-project';
import { historyTable } from './history-columns';
import { schemaOf, settingNamed, tableSql } from './history-table';
import type { History, HistoryTable, Layout, LayoutEvidence, LayoutExecution, Migration } from './layout';
import type { ComposedFile, NewMigration } from './new-migration';
import { migrationScript, readDirection } from './migration-script';
import { downFolder, isVersioned, sqlxMigrations } from './sqlx-files';
import { releaseSqlxLock, takeSqlxLock } from './sqlx-lock';
import { settingsFiles } from './tool-settings';
import { tomlTexts } from './toml-values';
import { compareVersions, fileWords, nextVersion, utcStamp } from './versions';

const usual: HistoryTable = { schema: null, name: '_sqlx_migrations' };
/** sqlx-core/src/migrate/source.rs: the text of the file begins with these bytes; a blank before them undoes it. */
const noTransaction = '-- no-transaction';
const signs = {
  crates: ['sqlx', 'sqlx-core', 'sqlx-postgres'],
  traces: ['sqlx.toml', '.sqlx', 'sqlx-data.json'],
};
/** Lines that another tool needs and sqlx would run as comments. */
const otherTools =
  /^[ \t]*--(?:[ \t-]*(?:up|down)[ \t]+migration\b|[ \t]*(?:\+goose\b|migrate:(?:up|down)\b|liquibase\b|changeset\b|> statement-breakpoint|! ?(?:previous|hash|message)\b))/im;

/**
 * https://github.com/launchbadge/sqlx: `20240131120000_name.sql`, or `.up.sql` with `.down.sql`. Names, order and
 * checksum are those of sqlx-core/src/migrate, table and lock those of sqlx-postgres/src/migrate.rs.
 */
export const sqlx: Layout = {
  id: 'sqlx',
  title: 'sqlx',

  folderOf(file) {
    if (!isVersioned(path.basename(file))) return null;
    const folder = path.dirname(file);
    return path.basename(folder) === downFolder ? path.dirname(folder) : folder;
  },

  compare: compareVersions,

  /**
   * SHA-384 of the file's bytes. A carriage return counts. So would a byte order mark, but PostgreSQL refuses a text
   * with one, so that no file sqlx has applied begins with it.
   */
  recordedHash: (up) => createHash('sha384').update(up.sql, 'utf8').digest('hex'),

  detect: (folder, files) => evidenceOf(folder, files),

  list: (folder, files) => sqlxMigrations(folder, files),

  async script(migration, direction, files) {
    const read = await readDirection(migration, direction, files);
    if (!read) return null;
    const { file, text: sql } = read;
    // Outside a transaction the driver still sends the whole file as one simple query.
    const transaction = sql.startsWith(noTransaction) ? 'implicit' : 'wrapped';
    return migrationScript({ path: file, direction, sql, offset: 0, transaction });
  },

  historyTable: async (folder, files) => {
    for (const { text } of await settingsFiles(folder, ['sqlx.toml'], files)) {
      const name = tomlTexts(text).get('migrate.table-name')?.[0];
      // sqlx writes the name into its SQL as it is.
      if (name !== undefined) return settingNamed(name);
    }
    return null;
  },

  history: (_directory, session, table) => readHistory(session, table ?? usual),

  // The checksum it records is one that psql cannot work out.
  historyQuery: null,

  outsideTransaction: { by: 'header', marker: noTransaction, alone: true },

  compose: (request, existing) => composed(request, existing),

  execution(migration, direction, context): LayoutExecution {
    const table = tableSql(context.table ?? usual);
    return {
      lock: { take: takeSqlxLock(), release: releaseSqlxLock() },
      prepare: [...schemaOf(context.table), createTable(table)],
      before: [],
      sameTransaction: true,
      record: (milliseconds) =>
        direction === 'down'
          ? [{ sql: `delete from ${table} where version = $1::bigint`, parameters: [migration.version] }]
          : [
              {
                // The row of a run that broke off outside a transaction, which sqlx itself would not go past.
                sql: `delete from ${table} where version = $1::bigint and not success`,
                parameters: [migration.version],
              },
              {
                // sqlx writes -1 and, once it has committed, the nanoseconds over it.
                sql: `insert into ${table} (version, description, success, checksum, execution_time)
values ($1::bigint, $2::text, true, decode($3::text, 'hex'), round($4::numeric * 1000000)::bigint)`,
                parameters: [migration.version, migration.name, context.recordedHash, milliseconds],
              },
            ],
    };
  },
};

function createTable(table: string): string {
  return `create table if not exists ${table} (
  version bigint primary key,
  description text not null,
  installed_on timestamptz not null default now(),
  success boolean not null,
  checksum bytea not null,
  execution_time bigint not null
)`;
}

/** golang-migrate's pairs look the same: only what sqlx leaves in a project tells them apart. */
async function evidenceOf(folder: string, files: Files): Promise<LayoutEvidence | null> {
  const migrations = await sqlxMigrations(folder, files);
  const last = migrations.at(-1);
  if (!last) return null;
  const text = await files.readIfExists(last.upPath).catch(() => null);
  if (text !== null && otherTools.test(text)) return null;
  const names = filesNamedLike(migrations.length, path.basename(last.upPath));
  const project = await cargoEvidence(folder, signs, files);
  if (project.length > 0) return { confidence: 0.93, evidence: [names, ...project] };
  if (isReversible(last)) return { confidence: 0.5, evidence: [names] };
  // Many write files so; the least that can be said, and less than what a folder's name says for plain SQL.
  const timed = migrations.every((migration) => /^20\d{12}$/.test(migration.version));
  return timed ? { confidence: 0.25, evidence: [names] } : null;
}

function isReversible(migration: Migration): boolean {
  return migration.upPath.endsWith('.up.sql');
}

/** As `sqlx migrate add` does it: the form of the folder's last migration; where there is none, a time and a pair. */
function composed(request: NewMigration, existing: readonly Migration[]): ComposedFile[] {
  const written = existing.map((migration) => /^\d+/.exec(path.basename(migration.upPath))![0]);
  const version = written.length > 0 ? nextVersion(written, request.now, 4) : utcStamp(request.now);
  const stem = `${version}_${fileWords(request.name)}`;
  const text = (sql: string): string => (request.transactional ? sql : `${noTransaction}\n${sql}`);
  const last = existing.at(-1);
  const reversible = last ? isReversible(last) : request.down !== null;
  const upName = reversible ? `${stem}.up.sql` : `${stem}.sql`;
  const downName = reversible ? `${stem}.down.sql` : path.join(downFolder, `${stem}.sql`);
  const up = {
    path: path.join(request.folder, upName),
    text: text(request.up),
    direction: 'up' as const,
    version,
  };
  if (request.down === null) return [up];
  return [
    up,
    { ...up, path: path.join(request.folder, downName), text: text(request.down), direction: 'down' },
  ];
}

interface HistoryRow {
  version: string;
  description: string;
  installed_on: string | Date;
  success: boolean;
  checksum: string;
  execution_time: string;
}

async function readHistory(session: Session, table: HistoryTable): Promise<History> {
  const columns = ['version bigint', 'success boolean', 'checksum bytea', 'execution_time bigint'];
  const found = await historyTable(session, 'sqlx', table, columns);
  if (!found.exists) return { exists: false, table: found.name, applied: [], cumulative: false };
  const { rows } = await session.query<HistoryRow>(
    `select version::text as version, description, installed_on, success,
       encode(checksum, 'hex') as checksum, execution_time::text as execution_time
     from ${found.sql} order by installed_on, version`,
  );
  const applied = rows.map((row) => ({
    version: row.version,
    name: row.description,
    appliedAt: new Date(row.installed_on).toISOString(),
    appliedBy: null,
    milliseconds: row.execution_time.startsWith('-') ? null : Number(row.execution_time) / 1_000_000,
    contentHash: row.checksum,
    dirty: !row.success,
  }));
  return { exists: true, table: found.name, applied, cumulative: false };
}
