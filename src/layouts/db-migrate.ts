import path from 'node:path';
import type { Session } from '../database/session';
import { t } from '../messages/translate';
import type { FileEntry } from '../ports/files';
import { filesNamedLike } from './evidence-text';
import { appliedRow } from './applied-row';
import { fileNames } from './file-names';
import { quoteLiteral } from '../sql/identifier';
import { dbMigrateHistoryTable, usualTable } from './db-migrate-table';
import { historyTable } from './history-columns';
import { schemaOf, tableSql } from './history-table';
import type { Direction, History, HistoryTable, Layout, LayoutExecution, Migration } from './layout';
import type { ComposedFile } from './new-migration';
import { localMinutes, localNow, localText } from './local-time';
import { migrationScript, readDirection } from './migration-script';
import { dependsOn } from './node-project';
import { compareTexts, fileWords, nextVersion } from './versions';

const sqlFolder = 'sqls';
/** The tool reads a name from 14 digits to the first dot. */
const programPattern = /^(\d{14}-[^.]+)\.js$/;
const sqlPattern = /^(\d{14}-[^.]+)-(up|down)\.sql$/;

/**
 * https://github.com/db-migrate/node-db-migrate, the SQL form of its 0.11: `20240101120000-name.js` reads and sends
 * `sqls/20240101120000-name-up.sql` and `-down.sql`. Programs without such files are the tool's too and are not listed
 * here; nor are its scopes, which are folders inside the folder.
 */
export const dbMigrate: Layout = {
  id: 'db-migrate',
  title: 'db-migrate',

  folderOf(file) {
    const folder = path.dirname(file);
    const isOurs = sqlPattern.test(path.basename(file)) && path.basename(folder) === sqlFolder;
    return isOurs ? path.dirname(folder) : null;
  },

  compare(a, b) {
    const [one, other] = [stemOf(a), stemOf(b)];
    return numberOf(one) - numberOf(other) || compareTexts(`${one}.js`, `${other}.js`);
  },

  recordedHash: () => null,

  async detect(folder, files) {
    const migrations = await this.list(folder, files);
    const first = migrations[0];
    if (!first) return null;
    const depends = await dependsOn(folder, ['db-migrate', 'db-migrate-pg'], files);
    const settings = path.join(path.dirname(folder), 'database.json');
    const isSetUp = await files.exists(settings);
    return {
      confidence: depends || isSetUp ? 0.95 : 0.9,
      evidence: [
        filesNamedLike(migrations.length, `${sqlFolder}/${path.basename(first.upPath)}`),
        ...(depends ? [t('package.json names {0}', 'db-migrate')] : []),
        ...(isSetUp ? [t('{0} is there', 'database.json')] : []),
      ],
    };
  },

  async list(folder, files) {
    const entries = await files.list(folder);
    const programs = programsOf(entries);
    if (programs.length === 0 || !hasSql(entries)) return [];
    return migrationsOf(folder, programs, fileNames(await files.list(path.join(folder, sqlFolder))));
  },

  async script(migration, direction, files) {
    const read = await readDirection(migration, direction, files);
    if (!read) return null;
    const { file, text: sql } = read;
    return migrationScript({ path: file, direction, sql, offset: 0, transaction: 'wrapped' });
  },

  historyTable: (folder, files) => dbMigrateHistoryTable(folder, files),

  history: (_directory, session, table) => readHistory(session, table ?? usualTable),

  // Scripts count versions in digits; here a version is the whole name.
  historyQuery: null,

  // `--non-transactional` is for a whole run.
  outsideTransaction: { by: 'never' },

  compose(request, existing) {
    const taken = existing.flatMap(({ version, codeVersions = [] }) => [version, ...codeVersions]);
    // An empty folder counts in time too.
    const stamps = ['19700101000000', ...taken.map((version) => stemOf(version).slice(0, 14))];
    const words = fileWords(request.name).replaceAll('_', '-');
    const stem = `${nextVersion(stamps, request.now, 14)}-${words}`;
    const file = (name: string, text: string, direction: Direction): ComposedFile => ({
      path: path.join(request.folder, name),
      text,
      direction,
      version: `/${stem}`,
    });
    const { up, down } = request;
    return [
      file(path.join(sqlFolder, `${stem}-up.sql`), up, 'up'),
      ...(down === null ? [] : [file(path.join(sqlFolder, `${stem}-down.sql`), down, 'down')]),
      file(`${stem}.js`, programText(down !== null), 'up'),
    ];
  },

  execution(migration, direction, context): LayoutExecution {
    const table = tableSql(context.table ?? usualTable);
    const record =
      direction === 'up'
        ? {
            sql: `insert into ${table} (name, run_on)
values ($1::varchar, ${localNow('$2::int')}::timestamp(3))`,
            parameters: [migration.version, localMinutes()],
          }
        : {
            // Names of its early days have no slash.
            sql: `delete from ${table} where name in ($1::varchar, $2::varchar)`,
            parameters: [migration.version, stemOf(migration.version)],
          };
    return {
      lock: null,
      prepare: [
        ...schemaOf(context.table),
        // IF NOT EXISTS would ask for the right to create even where the table is there.
        createTable(table),
      ],
      before: [],
      sameTransaction: true,
      record: () => [record],
    };
  },
};

/** What the tool records is a path in its folder. */
function stemOf(version: string): string {
  return version.replace(/^\//, '');
}

function numberOf(stem: string): number {
  return Number(/^\d{1,14}/.exec(stem)?.[0] ?? 0);
}

function programsOf(entries: readonly FileEntry[]): string[] {
  return fileNames(entries).flatMap((name) => programPattern.exec(name)?.[1] ?? []);
}

function hasSql(entries: readonly FileEntry[]): boolean {
  return entries.some((entry) => entry.kind === 'folder' && entry.name === sqlFolder);
}

function migrationsOf(folder: string, programs: readonly string[], sqls: readonly string[]): Migration[] {
  const known = new Set(sqls);
  const place = (stem: string, direction: Direction): string | null => {
    const name = `${stem}-${direction}.sql`;
    return known.has(name) ? path.join(folder, sqlFolder, name) : null;
  };
  const migrations: Migration[] = [];
  const code: string[] = [];
  for (const stem of programs) {
    const upPath = place(stem, 'up');
    if (upPath === null) {
      code.push(`/${stem}`);
      continue;
    }
    migrations.push({
      version: `/${stem}`,
      name: stem.slice(15),
      folder,
      layout: 'db-migrate',
      upPath,
      downPath: place(stem, 'down'),
    });
  }
  migrations.sort((a, b) => dbMigrate.compare(a.version, b.version));
  const first = migrations[0];
  if (first && code.length > 0) first.codeVersions = code;
  const problems = neverRun(programs, sqls);
  if (first && problems.length > 0) first.problems = problems;
  return migrations;
}

/** The tool lists programs and nothing else. */
function neverRun(programs: readonly string[], sqls: readonly string[]): string[] {
  const known = new Set(programs);
  return sqls.flatMap((name) => {
    const match = sqlPattern.exec(name);
    if (match?.[2] !== 'up' || known.has(match[1]!)) return [];
    return [
      t(
        'db-migrate never runs {0}: there is no {1} that reads it. Add that file, or remove the SQL.',
        `${sqlFolder}/${name}`,
        `${match[1]!}.js`,
      ),
    ];
  });
}

/** The program of a migration, which finds its SQL by its own name. */
function programText(hasDown: boolean): string {
  const down = hasDown
    ? "exports.down = (db) => db.runSql(read('down'));"
    : "exports.down = () => Promise.reject(new Error('This migration has no way back.'));";
  return `'use strict';

const fs = require('fs');
const path = require('path');

const read = (direction) =>
  fs.readFileSync(path.join(__dirname, 'sqls', \`\${path.basename(__filename, '.js')}-\${direction}.sql\`), 'utf8');

exports.up = (db) => db.runSql(read('up'));
${down}

exports._meta = { version: 1 };
`;
}

function createTable(table: string): string {
  return `do ${quoteLiteral(`begin
  if to_regclass(${quoteLiteral(table)}) is null then
    create table ${table} (id serial primary key, name varchar(255) not null, run_on timestamp not null);
  end if;
end`)}`;
}

interface Row {
  name: string;
  run_on: string;
}

async function readHistory(session: Session, table: HistoryTable): Promise<History> {
  const found = await historyTable(session, 'db-migrate', table, [
    'id integer',
    'name character varying',
    'run_on timestamp without time zone',
  ]);
  const empty = { exists: found.exists, table: found.name, applied: [], cumulative: false };
  if (!found.exists) return empty;
  const { rows } = await session.query<Row>(
    `select name, ${localText('run_on')} as run_on from ${found.sql}
     where name !~ '^.+/' order by ${found.sql}.run_on, id`,
  );
  const applied = rows.map(({ name, run_on }) =>
    // Without a zone it is read as this machine's time of day, as the tool does.
    appliedRow(`/${stemOf(name)}`, {
      name: stemOf(name).slice(15),
      appliedAt: new Date(run_on).toISOString(),
    }),
  );
  return { ...empty, applied };
}
