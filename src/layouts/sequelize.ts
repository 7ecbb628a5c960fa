import path from 'node:path';
import type { Session } from '../database/session';
import type { Files } from '../ports/files';
import { appliedRow } from './applied-row';
import { nodeCommand } from './code/node-command';
import { programScript } from './code/program-script';
import { programEvidence } from './code/program-evidence';
import { codeMigrations, composeProgram, programStem, type CodeNaming } from './code/script-migrations';
import { fileNames } from './file-names';
import { historyTable } from './history-columns';
import { schemaOf, tableSql } from './history-table';
import type { History, HistoryTable, Layout, LayoutExecution, Migration } from './layout';
import type { ToolCommand } from './layout-tool';
import { sequelizeFolder, sequelizeHistoryTable, usualTable } from './sequelize-settings';
import { compareTexts, fileWords, nextVersion, utcStamp } from './versions';

const packages = ['sequelize', 'sequelize-cli', 'umzug'];
/** Of sequelize-cli/lib/core/migrator.js: files of modules (`.mjs`) it does not take. */
const taken = /\.c?[jt]s$/;
const named = /^(\d+)([-_])(.+)$/;
const sign = /\bqueryInterface\b|\bQueryInterface\b|\bsequelize-cli\b/;

/** The tool records the file's whole name, its ending too, and goes by the names' order. */
const naming: CodeNaming = {
  layout: 'sequelize',
  read: (stem) => {
    const match = named.exec(stem);
    return match && { version: stem, name: match[3]! };
  },
  // The point before the ending takes part in the tool's order: `1-a-b.js` comes before `1-a.js`.
  compare: (a, b) => compareTexts(`${a}.`, `${b}.`),
};

/**
 * https://sequelize.org/docs/v6/other-topics/migrations: `20240101120000-name.js` that exports
 * `up(queryInterface, Sequelize)` and `down`, run by sequelize-cli with Umzug. No transaction but the program's own.
 */
export const sequelize: Layout = {
  id: 'sequelize',
  title: 'Sequelize',

  folderOf(file) {
    const name = path.basename(file);
    const stem = taken.test(name) ? programStem(name) : null;
    return stem !== null && named.test(stem) ? path.dirname(file) : null;
  },

  compare: naming.compare,

  recordedHash: () => null,

  async detect(folder, files) {
    return programEvidence(folder, await listed(folder, files), { sign, packages, byPackage: 0.4 }, files);
  },

  list: listed,

  script: (migration, direction, files) =>
    programScript(migration, direction, files, (text) => ({
      // Question marks and names are filled in only where a call brings values for them.
      places: { calls: ['query'], ...(/\breplacements\b/.test(text) ? { bindings: true as const } : {}) },
      transaction: /\.transaction\s*\(/.test(text) ? 'wrapped' : 'none',
    })),

  historyTable: (folder, files) => sequelizeHistoryTable(folder, files),

  history: (_directory, session, table) => readHistory(session, table ?? usualTable),

  historyQuery: null,

  outsideTransaction: { by: 'code' },

  compose(request, existing) {
    const numbers = existing.map(({ version }) => named.exec(version)?.[1] ?? '0');
    const number = numbers.length === 0 ? utcStamp(request.now) : nextVersion(numbers, request.now, 14);
    const separator = named.exec(existing.at(-1)?.version ?? '')?.[2] ?? '-';
    const version = `${number}${separator}${words(request.name)}`;
    // The tool runs no TypeScript of itself.
    return [composeProgram('sequelize', request, existing, { version, stem: version, ending: 'js' })];
  },

  execution(migration, direction, context): LayoutExecution {
    const table = tableSql(context.table ?? usualTable);
    const parameters = [path.basename(migration.upPath)];
    return {
      lock: null,
      prepare: [
        ...schemaOf(context.table),
        `create table if not exists ${table} (name varchar(255) not null, primary key (name))`,
      ],
      before: [],
      sameTransaction: false,
      record: () => [
        direction === 'up'
          ? { sql: insertSql(table), parameters }
          : { sql: `delete from ${table} where name = $1::varchar`, parameters },
      ],
    };
  },

  tool: {
    run: {
      applies: 'up-to',
      takesBack: 'one',
      command: (migration, direction, files) => {
        const file = path.basename(migration.upPath);
        const args = direction === 'up' ? ['db:migrate', '--to', file] : ['db:migrate:undo', '--name', file];
        return cliCommand(migration.folder, args, files);
      },
    },
    generate: (folder, name, files) =>
      cliCommand(folder, ['migration:generate', '--name', words(name)], files),
  },
};

function words(name: string): string {
  return fileWords(name).replaceAll('_', '-');
}

async function listed(folder: string, files: Files): Promise<Migration[]> {
  const names = fileNames(await files.list(folder)).filter((name) => taken.test(name));
  return codeMigrations(folder, names, naming);
}

/** A table made with the tool's option for time stamps has two columns more, which must not be empty. */
function insertSql(table: string): string {
  const values = "'name', $1::text, 'createdAt', now(), 'updatedAt', now()";
  return `insert into ${table} select * from jsonb_populate_record(null::${table}, jsonb_build_object(${values}))`;
}

async function cliCommand(folder: string, args: readonly string[], files: Files): Promise<ToolCommand> {
  const root = await sequelizeFolder(folder, files);
  const migrations = path.relative(root, folder) || '.';
  return nodeCommand(root, 'sequelize-cli', ...args, '--migrations-path', migrations);
}

async function readHistory(session: Session, table: HistoryTable): Promise<History> {
  const found = await historyTable(session, 'Sequelize', table, ['name']);
  if (!found.exists) return { exists: false, table: found.name, applied: [], cumulative: false };
  const { rows } = await session.query<{ name: string }>(
    `select name::text as name from ${found.sql} order by name collate "C"`,
  );
  const applied = rows.map(({ name }) => {
    const stem = programStem(name) ?? name;
    return appliedRow(stem, { name: named.exec(stem)?.[3] ?? null });
  });
  return { exists: true, table: found.name, applied, cumulative: false, inOrder: false };
}
