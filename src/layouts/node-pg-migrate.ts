import path from 'node:path';
import type { Session } from '../database/session';
import { utcText } from '../database/utc-text';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { Files } from '../ports/files';
import { quoteLiteral } from '../sql/identifier';
import { historyTable } from './history-columns';
import { schemaOf, tableSql } from './history-table';
import type {
  Direction,
  History,
  HistoryTable,
  Layout,
  LayoutExecution,
  Migration,
  NewMigration,
} from './layout';
import { addTwins } from './migration-problems';
import { migrationScript, partOfFile } from './migration-script';
import { compareNames, nextNumber, sortNames } from './node-pg-migrate-names';
import { nodePgHistoryTable, usualTable } from './node-pg-migrate-table';
import { dependsOn } from './node-project';
import { fileWords } from './versions';
import { fileNames } from './file-names';
import { appliedRow } from './applied-row';

/** The lock all instances of the tool share. */
const lockKey = '7241865325823964';
const sqlFile = /^\d+.*\.sql$/i;
const codeFile = /^\d+.*(?<!\.d)\.[cm]?[jt]s$/i;
/** Files of pairs and of other tools: this one would run them all as ups. */
const otherNaming = /\.(?:up|down|do|undo)(?:\.[^.]*)?\.sql$|[_-](?:down|rollback)\.sql$/i;
const markers: Record<Direction, RegExp> = {
  up: /^\s*--[\s-]*up\s+migration/im,
  down: /^\s*--[\s-]*down\s+migration/im,
};

/**
 * https://github.com/salsita/node-pg-migrate: `1700000000000_name.sql` with `-- Up Migration` and `-- Down Migration`.
 * Migrations in JavaScript or TypeScript beside them are the tool's too and are not listed here.
 */
export const nodePgMigrate: Layout = {
  id: 'node-pg-migrate',
  title: 'node-pg-migrate',

  folderOf(file) {
    const name = path.basename(file);
    return sqlFile.test(name) && !otherNaming.test(name) ? path.dirname(file) : null;
  },

  compare: compareNames,

  recordedHash: () => null,

  async detect(folder, files) {
    const names = fileNames(await files.list(folder));
    if (names.some((name) => otherNaming.test(name))) return null;
    const migrations = migrationsOf(folder, names);
    if (migrations.length === 0) return null;
    const named = t('{0} files named like {1}', migrations.length, path.basename(migrations[0]!.upPath));
    const marked = await markedFile(migrations, files);
    const depends = await dependsOn(folder, ['node-pg-migrate'], files);
    const evidence = [
      named,
      ...(marked ? [t('{0} has the comment "{1}"', path.basename(marked.path), marked.comment)] : []),
      ...(depends ? [t('package.json names {0}', 'node-pg-migrate')] : []),
    ];
    if (marked) return { confidence: marked.both || depends ? 0.95 : 0.7, evidence };
    return depends ? { confidence: 0.6, evidence } : null;
  },

  async list(folder, files) {
    return migrationsOf(folder, fileNames(await files.list(folder)));
  },

  async script(migration, direction, files) {
    const text = await files.readIfExists(migration.upPath);
    const part = text === null ? null : partOf(text, direction);
    if (part === null) return null;
    return migrationScript({ path: migration.upPath, direction, ...part, transaction: 'wrapped' });
  },

  historyTable: (folder, files) => nodePgHistoryTable(folder, files),

  history: (_directory, session, table) => readHistory(session, table ?? usualTable),

  // Scripts count versions in digits; here a version is the whole name.
  historyQuery: null,

  outsideTransaction: { by: 'never' },

  compose(request, existing) {
    const written = existing.flatMap((migration) => [
      path.basename(migration.upPath),
      ...(migration.codeVersions ?? []),
    ]);
    const words = fileWords(request.name).replaceAll('_', '-');
    const version = `${nextNumber(written, request.now)}_${words}`;
    return [
      { path: path.join(request.folder, `${version}.sql`), text: textOf(request), direction: 'up', version },
    ];
  },

  execution(migration, direction, context): LayoutExecution {
    const table = tableSql(context.table ?? usualTable);
    const sql =
      direction === 'up'
        ? `insert into ${table} (name, run_on) values ($1::varchar, now())`
        : `delete from ${table} where name = $1::varchar`;
    return {
      lock: {
        take: `select pg_advisory_lock(${lockKey})`,
        release: `select pg_advisory_unlock(${lockKey})`,
      },
      prepare: [
        ...schemaOf(context.table),
        // IF NOT EXISTS would ask for the right to create even where the table is there.
        createTable(table),
      ],
      before: [],
      sameTransaction: true,
      record: () => [{ sql, parameters: [migration.version] }],
    };
  },
};

function createTable(table: string): string {
  return `do ${quoteLiteral(`begin
  if to_regclass(${quoteLiteral(table)}) is null then
    create table ${table} (id serial primary key, name varchar(255) not null, run_on timestamp not null);
  end if;
end`)}`;
}

/** The name the tool records: the file's, without its extension. */
function stemOf(name: string): string {
  return name.replace(/\.[^.]*$/, '');
}

function migrationsOf(folder: string, names: readonly string[]): Migration[] {
  const byVersion = new Map<string, Migration>();
  for (const name of names.filter((candidate) => sqlFile.test(candidate))) {
    const version = stemOf(name);
    const twin = byVersion.get(version);
    if (twin) addTwin(twin, name);
    else byVersion.set(version, migrationOf(folder, name, version));
  }
  const code = names.filter((candidate) => codeFile.test(candidate));
  for (const name of code) {
    const twin = byVersion.get(stemOf(name));
    if (twin) addTwin(twin, name);
  }
  const migrations = sortNames([...byVersion.values()]);
  if (migrations[0] && code.length > 0) migrations[0].codeVersions = code.map(stemOf);
  return migrations;
}

function migrationOf(folder: string, name: string, version: string): Migration {
  const file = path.join(folder, name);
  return {
    version,
    name: version.replace(/^\d+[_-]?/, ''),
    folder,
    layout: 'node-pg-migrate',
    upPath: file,
    downPath: file,
  };
}

function addTwin(migration: Migration, name: string): void {
  const sentence = t(
    '{0} has the same name as {1}, and node-pg-migrate would record both as one migration. Rename one of them.',
    name,
    path.basename(migration.upPath),
  );
  addTwins(migration, [{ path: path.join(migration.folder, name), sentence }]);
}

/**
 * One direction as the tool cuts it out, its marker included: from its marker to the other one or the end. Without an
 * up marker the whole file goes up, a down part in it too. The tool sends a byte order mark; PostgreSQL refuses it.
 */
function partOf(text: string, direction: Direction): ReturnType<typeof partOfFile> | null {
  const start = text.search(markers[direction]);
  if (start < 0) return direction === 'up' ? partOfFile(text, 0) : null;
  const other = text.search(markers[direction === 'up' ? 'down' : 'up']);
  return partOfFile(text, start, other > start ? other : undefined);
}

/** Throws `invalid-input` where the tool would cut the file elsewhere than between its two parts. */
function textOf({ name, up, down }: NewMigration): string {
  if (markers.down.test(up)) {
    throw new SwitchbackError(
      'invalid-input',
      t(
        'A comment in the SQL of "{0}" would be read by node-pg-migrate as the start of the down migration. Reword the comment.',
        name,
      ),
    );
  }
  const upPart = `-- Up Migration\n${up.trimEnd()}\n`;
  return down === null ? upPart : `${upPart}\n-- Down Migration\n${down.trimEnd()}\n`;
}

/** The first or last file when it has the tool's comments, with the one seen; null when neither has. */
async function markedFile(
  migrations: readonly Migration[],
  files: Files,
): Promise<{ path: string; comment: string; both: boolean } | null> {
  for (const file of new Set([migrations[0]!.upPath, migrations.at(-1)!.upPath])) {
    const text = await files.readIfExists(file).catch(() => null);
    const up = text === null ? null : markers.up.exec(text);
    if (up) return { path: file, comment: up[0].trim(), both: markers.down.test(text!) };
  }
  return null;
}

async function readHistory(session: Session, table: HistoryTable): Promise<History> {
  const found = await historyTable(session, 'node-pg-migrate', table, ['id', 'name', 'run_on']);
  const known = { table: found.name, cumulative: false, inOrder: true };
  if (!found.exists) return { exists: false, applied: [], ...known };
  // The tool writes its session's local time; ours stands for it.
  const history = await session.query<{ name: string; run_on: string }>(
    `select name, ${utcText('run_on::timestamptz')} as run_on from ${found.sql} h order by h.run_on, h.id`,
  );
  const applied = history.rows.map((row) =>
    appliedRow(row.name, {
      name: row.name.replace(/^\d+[_-]?/, ''),
      appliedAt: row.run_on,
    }),
  );
  return { exists: true, applied, ...known };
}
