import path from 'node:path';
import { programScript } from './code/program-script';
import { programEvidence } from './code/program-evidence';
import { codeMigrations, composeProgram, programStem, type CodeNaming } from './code/script-migrations';
import { fileNames } from './file-names';
import { tableSql } from './history-table';
import type { Layout, LayoutExecution, Migration } from './layout';
import { mikroOrmCommand } from './mikro-orm-command';
import { createTable, mikroOrmHistoryTable, readHistory, usualTable, wordsOf } from './mikro-orm-table';
import { compareTexts, fileWords, nextVersion, utcStamp } from './versions';

const named = /^([A-Za-z]*)(\d{14})(?!\d)([-_.]?)/;
const program = /\.(?:js|ts|cjs)$/i;
const sign = /['"]@mikro-orm\/migrations['"]|\bthis\s*\.\s*addSql\s*\(/;
const withoutTransaction =
  /\bisTransactional\s*(?:\(\s*\)\s*(?::\s*\w+\s*)?\{\s*return|=\s*\(\s*\)\s*(?::\s*\w+\s*)?=>)\s+false\b/;

/** The tool records the file's name without its ending, and goes by the names' order. */
const naming: CodeNaming = {
  layout: 'mikro-orm',
  read: (stem) => (named.test(stem) ? { version: stem, name: wordsOf(stem) } : null),
  compare: compareTexts,
};

/**
 * https://mikro-orm.io/docs/migrations: `Migration20240101120000_name.ts` with a class whose `up` and `down` call
 * `addSql`. All that one call runs shares a transaction; a class whose `isTransactional` gives false runs outside of it,
 * over a second connection (MigrationRunner), and so sees nothing that others of the same call have done.
 */
export const mikroOrm: Layout = {
  id: 'mikro-orm',
  title: 'MikroORM',

  folderOf(file) {
    const stem = program.test(file) ? programStem(path.basename(file)) : null;
    return stem !== null && named.test(stem) ? path.dirname(file) : null;
  },

  compare: naming.compare,

  recordedHash: () => null,

  async detect(folder, files) {
    const migrations = migrationsOf(folder, fileNames(await files.list(folder)));
    const packages = ['@mikro-orm/core', '@mikro-orm/migrations'];
    const byPackage = migrations[0]?.version.startsWith('Migration') ? 0.5 : null;
    return programEvidence(folder, migrations, { sign, packages, byPackage }, files);
  },

  async list(folder, files) {
    return migrationsOf(folder, fileNames(await files.list(folder)));
  },

  script: (migration, direction, files) =>
    programScript(migration, direction, files, (text) => ({
      places: { calls: ['addSql', 'execute'], bindings: 'given' },
      transaction: withoutTransaction.test(text) ? 'none' : 'wrapped',
    })),

  historyTable: (folder, files) => mikroOrmHistoryTable(folder, files),

  history: (_directory, session, table) => readHistory(session, table ?? usualTable),

  historyQuery: null,

  outsideTransaction: { by: 'code' },

  compose(request, existing) {
    const numbers = existing.map(({ version }) => named.exec(version)?.[2] ?? '0');
    const number = numbers.length === 0 ? utcStamp(request.now) : nextVersion(numbers, request.now, 14);
    const [, prefix = 'Migration', , separator = ''] = named.exec(existing.at(-1)?.version ?? '') ?? [];
    const words = fileWords(request.name);
    const shown = separator === '-' ? words.replaceAll('_', '-') : words;
    const version = `${prefix}${number}${separator || '_'}${shown}`;
    const className = `Migration${number}_${words}`;
    return [composeProgram('mikro-orm', request, existing, { version, stem: version, className })];
  },

  execution(migration, direction, context): LayoutExecution {
    const table = tableSql(context.table ?? usualTable);
    const [name, ...olderNames] = recordedNames(migration);
    return {
      lock: null,
      prepare: createTable(context.table),
      before: [],
      sameTransaction: true,
      record: () => [
        direction === 'up'
          ? { sql: `insert into ${table} (name) values ($1::varchar)`, parameters: [name] }
          : {
              sql: `delete from ${table} where name = any ($1::varchar[])`,
              parameters: [[name, ...olderNames]],
            },
      ],
    };
  },

  tool: {
    run: {
      applies: 'one',
      takesBack: 'one',
      command: (migration, direction, files) =>
        mikroOrmCommand(
          migration.folder,
          files,
          `migration:${direction}`,
          '--only',
          recordedNames(migration)[0],
        ),
    },
    generate: (folder, name, files) =>
      mikroOrmCommand(folder, files, 'migration:create', '--name', fileWords(name)),
  },
};

/** Its glob is `!(*.d).{js,ts,cjs}`. */
function migrationsOf(folder: string, names: readonly string[]): Migration[] {
  return codeMigrations(
    folder,
    names.filter((name) => program.test(name)),
    naming,
  );
}

/** The name it records, which has the ending of a `.cjs`, and those that it takes for the same (MigrationStorage). */
function recordedNames({ upPath }: Migration): [string, ...string[]] {
  const file = path.basename(upPath);
  const name = file.replace(/\.[jt]s$/, '');
  return [name, `${name}.js`, `${name}.ts`];
}
