import path from 'node:path';
import type { Session } from '../database/session';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { Files } from '../ports/files';
import { cargoEvidence } from './cargo-project';
import { dieselMigrations, dieselVersion, downName, metadataName, upName } from './diesel-folders';
import { historyTable } from './history-columns';
import { schemaOf, tableSql } from './history-table';
import type { History, HistoryTable, Layout, LayoutEvidence, LayoutExecution, Migration } from './layout';
import type { ComposedFile } from './new-migration';
import { migrationScript, readDirection } from './migration-script';
import { compareTexts, fileWords, nextVersion, utcStamp } from './versions';
import { appliedRow } from './applied-row';

const usual: HistoryTable = { schema: null, name: '__diesel_schema_migrations' };
/** What `diesel setup` makes for PostgreSQL; its number says nothing of how the folder numbers others. */
const initialSetup = '00000000000000_diesel_initial_setup';
const outsideText = 'run_in_transaction = false\n';
const signs = { crates: ['diesel', 'diesel_migrations', 'diesel-async'], traces: ['diesel.toml'] };
/** How `diesel migration generate` writes a time; newer ones count within the second. */
const dashedTime = /^(\d{4})-(\d\d)-(\d\d)-(\d{6})(-\d{4})?$/;

/**
 * https://github.com/diesel-rs/diesel: `2026-01-31-120000_name/up.sql` with `down.sql`. Names and order are those of
 * diesel_migrations/migrations_internals, rows and transactions those of diesel_migrations/src/migration_harness.rs. It
 * takes no lock.
 */
export const diesel: Layout = {
  id: 'diesel',
  title: 'Diesel',

  folderOf(file) {
    const name = path.basename(file);
    const own = path.dirname(file);
    if ((name !== upName && name !== downName) || !/^\d/.test(path.basename(own))) return null;
    return path.dirname(own);
  },

  compare: compareText,

  recordedHash: () => null,

  detect: (folder, files) => evidenceOf(folder, files),

  async list(folder, files) {
    return (await dieselMigrations(folder, files)).sort((a, b) => compareText(a.version, b.version));
  },

  async script(migration, direction, files) {
    const read = await readDirection(migration, direction, files);
    if (!read) return null;
    const { file, text: sql } = read;
    const metadata = await files.readIfExists(path.join(path.dirname(migration.upPath), metadataName));
    // Outside a transaction the driver still sends the whole file as one simple query.
    const transaction = runsInTransaction(metadata) ? 'wrapped' : 'implicit';
    return migrationScript({ path: file, direction, sql, offset: 0, transaction });
  },

  history: (_directory, session, table) => readHistory(session, table ?? usual),

  // A script finds its files by the version the tool records, which has not the dashes of the folder's name.
  historyQuery: null,

  outsideTransaction: { by: 'companion' },

  compose(request, existing) {
    const written = nextWritten(existing, request.now);
    const folder = path.join(request.folder, `${written}_${fileWords(request.name)}`);
    const file = (name: string, text: string, direction: 'up' | 'down'): ComposedFile => ({
      path: path.join(folder, name),
      text,
      direction,
      version: written,
    });
    return [
      file(upName, request.up, 'up'),
      ...(request.down === null ? [] : [file(downName, request.down, 'down')]),
      ...(request.transactional ? [] : [file(metadataName, outsideText, 'up')]),
    ];
  },

  execution(migration, direction, context): LayoutExecution {
    const table = tableSql(context.table ?? usual);
    const sql =
      direction === 'up'
        ? `insert into ${table} (version) values ($1::varchar)`
        : `delete from ${table} where version = $1::varchar`;
    return {
      lock: null,
      prepare: [...schemaOf(context.table), createTable(table)],
      before: [],
      sameTransaction: true,
      record: () => [{ sql, parameters: [migration.version] }],
    };
  },
};

/** diesel/src/migration/setup_migration_table.sql */
function createTable(table: string): string {
  return `create table if not exists ${table} (
  version varchar(50) primary key not null,
  run_on timestamp not null default current_timestamp
)`;
}

/** Versions are texts to the tool: `10` comes before `9`. */
function compareText(a: string, b: string): number {
  return compareTexts(a, b);
}

/**
 * What metadata.toml says. A file without the key means no transaction, as the field's default is Rust's; one whose
 * value is no boolean is not read at all, and then the migration runs in one.
 */
function runsInTransaction(metadata: string | null): boolean {
  if (metadata === null) return true;
  const topLevel = metadata.split(/^[ \t]*\[/m, 1)[0]!;
  const value = /^[ \t]*(["']?)run_in_transaction\1[ \t]*=([^#\r\n]*)/m.exec(topLevel)?.[2]?.trim();
  return value !== undefined && value !== 'false';
}

async function evidenceOf(folder: string, files: Files): Promise<LayoutEvidence | null> {
  const migrations = await dieselMigrations(folder, files);
  const names = migrations.map(folderName).filter((name) => /^\d/.test(name));
  const last = names.at(-1);
  if (last === undefined) return null;
  const counted =
    names.length === 1
      ? t('1 folder with an up.sql, like {0}', last)
      : t('{0} folders with an up.sql, like {1}', names.length, last);
  const project = await cargoEvidence(folder, signs, files);
  if (project.length > 0) return { confidence: 0.95, evidence: [counted, ...project] };
  if (names.includes(initialSetup))
    return { confidence: 0.95, evidence: [counted, t('{0} is there', initialSetup)] };
  if (names.every((name) => dashedTime.test(writtenVersion(name)))) {
    return { confidence: 0.6, evidence: [counted] };
  }
  // Hasura's folders look the same, with milliseconds for a version.
  return names.some((name) => /^\d{13}_/.test(name)) ? null : { confidence: 0.4, evidence: [counted] };
}

function folderName(migration: Migration): string {
  return path.basename(path.dirname(migration.upPath));
}

function writtenVersion(name: string): string {
  return name.split('_', 1)[0]!;
}

/** The next version as the folder's last one is written: a time with dashes, or whatever it counts by. */
function nextWritten(existing: readonly Migration[], now: Date): string {
  const written = existing
    .map(folderName)
    .filter((name) => name !== initialSetup)
    .map(writtenVersion)
    .sort((a, b) => compareText(dieselVersion(a), dieselVersion(b)));
  const last = written.at(-1);
  if (last === undefined) return withDashes(utcStamp(now));
  const dashed = dashedTime.exec(last);
  if (dashed) {
    const time = nextVersion([dieselVersion(last).slice(0, 14)], now, 14);
    return withDashes(time) + (dashed[5] === undefined ? '' : '-0000');
  }
  const numbers = written.filter((version) => /^\d+$/.test(version));
  const next = numbers.length > 0 ? nextVersion(numbers, now, 4) : withDashes(utcStamp(now));
  if (compareText(dieselVersion(next), dieselVersion(last)) > 0) return next;
  throw new SwitchbackError(
    'invalid-input',
    t(
      'Diesel orders versions as text, so no number is after {0}. Give the folders of the migrations leading zeros, or a time.',
      last,
    ),
  );
}

function withDashes(time: string): string {
  return time.replace(/^(\d{4})(\d\d)(\d\d)(\d{6})$/, '$1-$2-$3-$4');
}

async function readHistory(session: Session, table: HistoryTable): Promise<History> {
  const found = await historyTable(session, 'Diesel', table, [
    'version character varying',
    'run_on timestamp without time zone',
  ]);
  if (!found.exists) return { exists: false, table: found.name, applied: [], cumulative: false };
  // The tool writes the local time of its session.
  const { rows } = await session.query<{ version: string; run_on: string | Date }>(
    `select version::text as version, run_on::timestamptz as run_on from ${found.sql} order by 2, 1`,
  );
  const applied = rows.map((row) =>
    appliedRow(row.version, {
      appliedAt: new Date(row.run_on).toISOString(),
    }),
  );
  return { exists: true, table: found.name, applied, cumulative: false };
}
