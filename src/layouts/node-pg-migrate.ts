import path from 'node:path';
import type { Session } from '../database/session';
import { utcText } from '../database/utc-text';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { Files } from '../ports/files';
import { quoteLiteral } from '../sql/identifier';
import { filesNamedLike } from './evidence-text';
import { composeProgram, signOfTool } from './code/script-migrations';
import { historyTable } from './history-columns';
import { schemaOf, tableSql } from './history-table';
import type { Direction, History, HistoryTable, Layout, LayoutExecution, Migration } from './layout';
import type { NewMigration } from './new-migration';
import { migrationScript, partOfFile } from './migration-script';
import { codeSign, nodePgCode, nodePgCommand } from './node-pg-migrate-code';
import { isNodePgFile, nodePgMigrations, wordsOf } from './node-pg-migrate-files';
import { compareNames, nextNumber } from './node-pg-migrate-names';
import { nodePgHistoryTable, usualTable } from './node-pg-migrate-table';
import { dependsOn } from './node-project';
import { markerOf } from './node-pg-migrate-markers';
import { fileWords } from './versions';
import { fileNames } from './file-names';
import { appliedRow } from './applied-row';

/** The lock all instances of the tool share. */
const lockKey = '7241865325823964';
/** Files of pairs and of other tools: this one would run them all as ups. */
const otherNaming = /\.(?:up|down|do|undo)(?:\.[^.]*)?\.sql$|[_-](?:down|rollback)\.sql$/i;
/**
 * https://github.com/salsita/node-pg-migrate: `1700000000000_name.sql` with `-- Up Migration` and `-- Down Migration`,
 * run by Switchback, and beside them programs in JavaScript or TypeScript that export `up(pgm)` and `down`, run by the
 * tool.
 */
export const nodePgMigrate: Layout = {
  id: 'node-pg-migrate',
  title: 'node-pg-migrate',

  folderOf(file) {
    const name = path.basename(file);
    return isNodePgFile(name) && !otherNaming.test(name) ? path.dirname(file) : null;
  },

  compare: compareNames,

  recordedHash: () => null,

  async detect(folder, files) {
    const names = fileNames(await files.list(folder));
    if (names.some((name) => otherNaming.test(name))) return null;
    const migrations = nodePgMigrations(folder, names);
    if (migrations.length === 0) return null;
    const named = filesNamedLike(migrations.length, path.basename(migrations[0]!.upPath));
    const marked = await markedFile(migrations, files);
    const code = migrations.filter(({ isCode }) => isCode);
    const seen = marked ? null : await signOfTool(code, codeSign, files);
    const depends = await dependsOn(folder, ['node-pg-migrate'], files);
    const evidence = [
      named,
      ...(marked ? [t('{0} has the comment "{1}"', path.basename(marked.path), marked.comment)] : []),
      ...(seen ? [t('{0} has "{1}"', seen.file, seen.sign)] : []),
      ...(depends ? [t('package.json names {0}', 'node-pg-migrate')] : []),
    ];
    if (marked) return { confidence: marked.both || depends ? 0.95 : 0.7, evidence };
    if (seen) return { confidence: depends ? 0.95 : 0.85, evidence };
    return depends && code.length < migrations.length ? { confidence: 0.6, evidence } : null;
  },

  async list(folder, files) {
    return nodePgMigrations(folder, fileNames(await files.list(folder)));
  },

  async script(migration, direction, files) {
    const text = await files.readIfExists(migration.upPath);
    if (text !== null && migration.isCode) return nodePgCode(migration.upPath, text, direction);
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
    const words = fileWords(request.name).replaceAll('_', '-');
    const number = nextNumber(
      existing.map(({ version }) => version),
      request.now,
    );
    const version = `${number}_${words}`;
    if (existing.at(-1)?.isCode)
      return [composeProgram('node-pg-migrate', request, existing, { version, stem: version })];
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

  tool: { run: { applies: 'one', takesBack: 'one', command: nodePgCommand } },
};

function createTable(table: string): string {
  return `do ${quoteLiteral(`begin
  if to_regclass(${quoteLiteral(table)}) is null then
    create table ${table} (id serial primary key, name varchar(255) not null, run_on timestamp not null);
  end if;
end`)}`;
}

/**
 * One direction as the tool cuts it out, its marker included: from its marker to the other one or the end. Without an
 * up marker the whole file goes up, a down part in it too. The tool sends a byte order mark; PostgreSQL refuses it.
 */
function partOf(text: string, direction: Direction): ReturnType<typeof partOfFile> | null {
  const start = markerOf(text, direction)?.start;
  if (start === undefined) return direction === 'up' ? partOfFile(text, 0) : null;
  const other = markerOf(text, direction === 'up' ? 'down' : 'up')?.start ?? -1;
  return partOfFile(text, start, other > start ? other : undefined);
}

/** Throws `invalid-input` where the tool would cut the file elsewhere than between its two parts. */
function textOf({ name, up, down }: NewMigration): string {
  if (markerOf(up, 'down')) {
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
  const inSql = migrations.filter(({ isCode }) => !isCode);
  for (const { upPath: file } of new Set([...inSql.slice(0, 1), ...inSql.slice(-1)])) {
    const text = await files.readIfExists(file).catch(() => null);
    const up = text === null ? null : markerOf(text, 'up');
    if (up)
      return {
        path: file,
        comment: text!.slice(up.start, up.end).trim(),
        both: markerOf(text!, 'down') !== null,
      };
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
      name: wordsOf(row.name),
      appliedAt: row.run_on,
    }),
  );
  return { exists: true, applied, ...known };
}
