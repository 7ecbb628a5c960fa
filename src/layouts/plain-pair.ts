import path from 'node:path';
import type { Session } from '../database/session';
import { t } from '../messages/translate';
import type { Files } from '../ports/files';
import { filesNamedLike } from './evidence-text';
import { historyTable } from './history-columns';
import { assertUsualTable } from './history-table';
import type { AppliedMigration, History, HistoryTable, Layout, LayoutExecution, Migration } from './layout';
import { headerMarkers, noTransactionMarker } from './markers';
import { addTwins } from './migration-problems';
import { migrationScript, readDirection } from './migration-script';
import { readPlainName, type DirectedStyle } from './plain-names';
import { compareVersions, fileWords, nextVersion } from './versions';
import { fileNames } from './file-names';

/** What scripts of ours carry a plan out with: no migrations of a folder. */
const ofScriptSet = /\.(?:forward|rollback|verify)\.sql$/;
const downSuffix = /[_-](?:rollback|down)$/i;
const table = 'switchback.migrations';
/** Folders beside the up files that may hold `NNN_name.sql` as its rollback. */
const downFolders = ['rollback', 'down'];
/** Files of tools that write both directions, or their own marks, into one file: running one as it is would be wrong. */
const otherTools =
  /^[ \t]*--(?:[ \t-]*(?:up|down)[ \t]+migration\b|[ \t]*(?:\+goose\b|migrate:(?:up|down)\b|liquibase\b|changeset\b|> statement-breakpoint|! ?(?:previous|hash|message)\b|\+(?:micrate|migrate)\b))/im;

/**
 * `NNN_name.sql` with `NNN_name_rollback.sql`, `NNN_name_down.sql` or `rollback/NNN_name.sql`, or `VNNN.Name.up.sql` with its `.down.sql`;
 * our own history table.
 */
export const plainPair: Layout = {
  id: 'plain',
  title: 'Plain SQL pairs',

  folderOf(file) {
    if (readPlainName(path.basename(file)) === null) return null;
    const folder = path.dirname(file);
    return downFolders.includes(path.basename(folder).toLowerCase()) ? path.dirname(folder) : folder;
  },

  compare: compareVersions,

  recordedHash: (up) => up.contentHash,

  async detect(folder, files) {
    const migrations = await this.list(folder, files);
    if (migrations.some(({ upPath }) => ofScriptSet.test(upPath))) return null;
    if (migrations.length === 0 || (await belongsToOtherTool(migrations, files))) return null;
    const pairs = migrations.filter((migration) => migration.downPath !== null).length;
    const named = /^(migrations?|migrate|sql|db)$/i.test(path.basename(folder));
    if (pairs === 0 && !named) return null;
    return {
      confidence: pairs > 0 ? 0.8 : 0.3,
      evidence: [
        filesNamedLike(migrations.length, path.basename(migrations[0]!.upPath)),
        t('{0} of them with a rollback file', pairs),
      ],
    };
  },

  async list(folder, files) {
    const entries = await files.list(folder);
    const names = fileNames(entries);
    const subfolders = entries.filter(
      (entry) => entry.kind === 'folder' && downFolders.includes(entry.name.toLowerCase()),
    );
    const inSubfolders: string[] = [];
    for (const subfolder of subfolders) {
      const found = await files.list(path.join(folder, subfolder.name));
      inSubfolders.push(
        ...found
          .filter((entry) => entry.kind === 'file')
          .map((entry) => path.join(subfolder.name, entry.name)),
      );
    }
    return migrationsOf(folder, names, inSubfolders);
  },

  async script(migration, direction, files) {
    const read = await readDirection(migration, direction, files);
    if (!read) return null;
    const { file, text: sql } = read;
    const transaction = headerMarkers(sql).noTransaction ? 'none' : 'wrapped';
    return migrationScript({ path: file, direction, sql, offset: 0, transaction });
  },

  history: (directory, session, other) => readHistory(directory, session, other),

  historyQuery: {
    table: 'switchback.migrations',
    sql: 'select version, false as dirty from switchback.migrations where directory = $1 and version = $2',
    cumulative: false,
  },

  outsideTransaction: { by: 'header', marker: noTransactionMarker },

  compose(request, existing) {
    const version = nextVersion(
      existing.map((migration) => migration.version),
      request.now,
      3,
    );
    const style = styleOf(existing);
    const { prefix, separator } = style ?? { prefix: '', separator: '_' };
    const stem = path.join(request.folder, `${prefix}${version}${separator}${fileWords(request.name)}`);
    const [upEnding, downEnding] = style ? ['.up.sql', '.down.sql'] : ['.sql', '_rollback.sql'];
    const text = (sql: string): string => (request.transactional ? sql : `${noTransactionMarker}\n${sql}`);
    const up = { path: stem + upEnding, text: text(request.up), direction: 'up' as const, version };
    if (request.down === null) return [up];
    return [up, { path: stem + downEnding, text: text(request.down), direction: 'down', version }];
  },

  execution(migration, direction, context): LayoutExecution {
    const key = [context.directory, migration.version];
    return {
      lock: null,
      // The schema `switchback` is made with the user's consent only, by whoever runs this.
      prepare: [],
      before: [],
      sameTransaction: true,
      record: (milliseconds) =>
        direction === 'down'
          ? [
              {
                sql: 'delete from switchback.migrations where directory = $1 and version = $2',
                parameters: key,
              },
            ]
          : [
              {
                sql: recordSql,
                parameters: [
                  ...key,
                  migration.name,
                  context.contentHash,
                  context.by,
                  Math.round(milliseconds),
                ],
              },
            ],
    };
  },
};

const recordSql = `insert into switchback.migrations
  (directory, version, name, content_hash, applied_at, applied_by, milliseconds)
values ($1, $2, $3, $4, now(), $5, $6)`;

async function belongsToOtherTool(migrations: readonly Migration[], files: Files): Promise<boolean> {
  for (const migration of [...migrations.slice(0, 2), ...migrations.slice(2).slice(-1)]) {
    const text = await files.readIfExists(migration.upPath).catch(() => null);
    if (text !== null && otherTools.test(text)) return true;
  }
  return false;
}

function migrationsOf(
  folder: string,
  names: readonly string[],
  inSubfolders: readonly string[],
): Migration[] {
  const read = new Map(names.map((name) => [name, readPlainName(name)]));
  const matching = names.filter((name) => read.get(name));
  const stems = new Set(matching.map(stemOf));
  // `007_add_down.sql` is a rollback only where `007_add.sql` lies beside it.
  const downs = new Set(
    matching.filter(
      (name) =>
        read.get(name)!.direction === 'down' ||
        (downSuffix.test(stemOf(name)) && stems.has(stemOf(name).replace(downSuffix, ''))),
    ),
  );
  const downByStem = firstByStem([...downs, ...inSubfolders]);
  const byVersion = new Map<string, Migration>();
  for (const name of matching.filter((candidate) => !downs.has(candidate))) {
    const { version, name: words } = read.get(name)!;
    const number = String(BigInt(version));
    const twin = byVersion.get(number);
    if (twin) {
      const sentence = t(
        '{0} has the same version as {1}. Give one of them the next free number.',
        name,
        path.basename(twin.upPath),
      );
      addTwins(twin, [{ path: path.join(folder, name), sentence }]);
      continue;
    }
    const down = downByStem.get(stemOf(name));
    byVersion.set(number, {
      version,
      name: words,
      folder,
      layout: 'plain',
      upPath: path.join(folder, name),
      downPath: down === undefined ? null : path.join(folder, down),
    });
  }
  return [...byVersion.values()].sort((a, b) => compareVersions(a.version, b.version));
}

/** The first rollback file for each stem, its own or the one without `_rollback` or `_down`. */
function firstByStem(candidates: readonly string[]): Map<string, string> {
  const first = new Map<string, string>();
  for (const candidate of candidates) {
    const stem = stemOf(path.basename(candidate));
    for (const key of [stem, stem.replace(downSuffix, '')]) if (!first.has(key)) first.set(key, candidate);
  }
  return first;
}

function stemOf(name: string): string {
  return name.replace(/(?:\.(?:up|down))?\.sql$/i, '');
}

/** How the last migration's files are named, where both directions have an ending of their own. */
function styleOf(existing: readonly Migration[]): DirectedStyle | null {
  const last = existing.at(-1);
  return last ? (readPlainName(path.basename(last.upPath))?.style ?? null) : null;
}

interface HistoryRow {
  version: string;
  name: string;
  content_hash: string | null;
  applied_at: string | Date;
  applied_by: string | null;
  milliseconds: string | number | null;
}

async function readHistory(
  directory: string,
  session: Session,
  other: HistoryTable | null | undefined,
): Promise<History> {
  assertUsualTable('Switchback', table, other);
  const place = { schema: 'switchback', name: 'migrations' };
  const found = await historyTable(session, 'Switchback', place, ['directory', 'version']);
  if (!found.exists) return { exists: false, table, applied: [], cumulative: false };
  const { rows } = await session.query<HistoryRow>(
    `select version, name, content_hash, applied_at, applied_by, milliseconds
     from ${table} where directory = $1`,
    [directory],
  );
  return { exists: true, table, applied: rows.map(appliedOf), cumulative: false };
}

function appliedOf(row: HistoryRow): AppliedMigration {
  return {
    version: row.version,
    name: row.name,
    appliedAt: new Date(row.applied_at).toISOString(),
    appliedBy: row.applied_by,
    milliseconds: row.milliseconds === null ? null : Number(row.milliseconds),
    contentHash: row.content_hash,
    dirty: false,
  };
}
