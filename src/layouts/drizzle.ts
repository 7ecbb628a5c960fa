import path from 'node:path';
import type { Session } from '../database/session';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { Files } from '../ports/files';
import { generateWithDrizzle } from './drizzle-command';
import { journalPath, journalWith } from './drizzle-journal';
import { downFolder, listDrizzleMigrations } from './drizzle-migrations';
import { drizzleHistoryTable, usualTable } from './drizzle-table';
import { historyTable } from './history-columns';
import { schemaOf, tableSql } from './history-table';
import type { History, HistoryTable, Layout, LayoutEvidence, LayoutExecution, Migration } from './layout';
import type { NewMigration } from './new-migration';
import { migrationScript, readDirection } from './migration-script';
import { compareVersions, fileWords, nextVersion } from './versions';
import { appliedRow } from './applied-row';

/** Files of tools that give each migration a folder of its own: thousands of folders without a journal. */
const folderPerMigration = /^(?:migration|up|down)\.sql$/;

/**
 * https://github.com/drizzle-team/drizzle-orm: `0000_name.sql` in the order of `meta/_journal.json`. Its migrator
 * (drizzle-orm/migrator.js, pg-core/dialect.js) runs every entry whose `when` is later than the latest in its table,
 * all in one transaction; so `when` is the version. It knows no way back; ours is `down/0000_name.sql`.
 */
export const drizzle: Layout = {
  id: 'drizzle',
  title: 'Drizzle',

  // Drizzle-kit numbers files, or not; what counts is the journal, which `detect` looks for.
  folderOf(file) {
    if (!file.endsWith('.sql') || folderPerMigration.test(path.basename(file))) return null;
    const folder = path.dirname(file);
    return path.basename(folder) === downFolder ? path.dirname(folder) : folder;
  },

  compare: compareVersions,

  // Over the file's text. A byte order mark is not counted: with one the tool cannot run the file at all.
  recordedHash: (up) => up.contentHash,

  detect,

  list: listDrizzleMigrations,

  async script(migration, direction, files) {
    const read = await readDirection(migration, direction, files);
    if (!read) return null;
    const { file, text: sql } = read;
    // The tool cuts at `--> statement-breakpoint`, which PostgreSQL takes for a comment.
    return migrationScript({ path: file, direction, sql, offset: 0, transaction: 'wrapped' });
  },

  historyTable: (folder, files) => drizzleHistoryTable(folder, files),

  history: (_directory, session, table) => readHistory(session, table ?? usualTable),

  // A script's versions are part of file names; this tool's are times in its journal, which scripts cannot write.
  historyQuery: null,

  outsideTransaction: { by: 'never' },

  compose(request, existing) {
    assertTransactional(request);
    const tag = nextTag(request, existing);
    const version = nextTime(request.now, existing);
    const up = path.join(request.folder, `${tag}.sql`);
    const files = [{ path: up, text: request.up, direction: 'up' as const, version }];
    if (request.down === null) return files;
    const down = path.join(request.folder, downFolder, `${tag}.sql`);
    return [...files, { path: down, text: request.down, direction: 'down', version }];
  },

  async seal(composed, files) {
    const up = composed.find((file) => file.direction === 'up');
    if (!up) return { files: [...composed], beside: [] };
    return { files: [...composed], beside: [await journalWith(composed, path.dirname(up.path), files)] };
  },

  execution(migration, direction, context): LayoutExecution {
    const named = context.table ?? usualTable;
    const table = tableSql(named);
    const hash = context.recordedHash ?? context.contentHash;
    const row =
      direction === 'up'
        ? {
            sql: `insert into ${table} (hash, created_at) values ($1::text, $2::bigint)`,
            parameters: [hash, migration.version],
          }
        : { sql: `delete from ${table} where created_at = $1::bigint`, parameters: [migration.version] };
    return {
      // The tool takes none.
      lock: null,
      prepare: [
        ...schemaOf(named),
        `create table if not exists ${table} (id serial primary key, hash text not null, created_at bigint)`,
      ],
      before: [],
      sameTransaction: true,
      record: () => [row],
    };
  },

  tool: { generate: generateWithDrizzle },
};

async function detect(folder: string, files: Files): Promise<LayoutEvidence | null> {
  const text = await files.readIfExists(journalPath(folder)).catch(() => null);
  if (text === null) return null;
  const dialect = dialectOf(text);
  // Those of other databases are "mysql", "sqlite", "turso"...; "pg" is what old versions wrote.
  if (dialect !== null && dialect !== 'postgresql' && dialect !== 'pg') return null;
  const evidence = [
    dialect === null ? t('meta/_journal.json') : t('meta/_journal.json names the dialect {0}', dialect),
  ];
  return { confidence: dialect === null ? 0.8 : 0.95, evidence };
}

/** Null for a journal that is broken too: it is still the tool's folder, and `list` says what is wrong. */
function dialectOf(text: string): string | null {
  return /"dialect"\s*:\s*"([^"]*)"/.exec(text)?.[1] ?? null;
}

function assertTransactional({ transactional, name }: NewMigration): void {
  if (transactional) return;
  throw new SwitchbackError(
    'invalid-input',
    t(
      '"{0}" cannot run in a transaction, and Drizzle runs every migration in one. Run it as a step of its own, outside the migrations folder.',
      name,
    ),
  );
}

/** The name in the folder's own style: numbered from 0000 as drizzle-kit does, by time, or without digits. */
function nextTag(request: NewMigration, existing: readonly Migration[]): string {
  const words = fileWords(request.name);
  const names = existing.map((migration) => path.basename(migration.upPath));
  const written = names.flatMap((name) => /^\d+(?=_)/.exec(name)?.[0] ?? []);
  if (names.length === 0) return `0000_${words}`;
  if (written.length > 0) return `${nextVersion(written, request.now, 4)}_${words}`;
  let tag = words;
  for (let count = 2; names.includes(`${tag}.sql`); count += 1) tag = `${words}_${count}`;
  return tag;
}

/** Later than every migration there is: the tool leaves out what is not. */
function nextTime(now: Date, existing: readonly Migration[]): string {
  const latest = existing.reduce(
    (time, { version }) => (BigInt(version) > time ? BigInt(version) : time),
    -1n,
  );
  const time = BigInt(now.getTime());
  return String(time > latest ? time : latest + 1n);
}

/** The latest first: by its time alone the tool decides what is pending. */
async function readHistory(session: Session, table: HistoryTable): Promise<History> {
  const found = await historyTable(session, 'Drizzle', table, ['hash text', 'created_at bigint']);
  if (!found.exists) return { exists: false, table: found.name, applied: [], cumulative: true };
  const history = await session.query<{ version: string; hash: string }>(
    `select created_at::text as version, hash from ${found.sql} where created_at is not null
     order by created_at desc, id desc`,
  );
  // `created_at` is when the migration was written, and no time is kept of when it was applied.
  const applied = history.rows.map(({ version, hash }) => appliedRow(version, { contentHash: hash }));
  return { exists: true, table: found.name, applied, cumulative: true };
}
