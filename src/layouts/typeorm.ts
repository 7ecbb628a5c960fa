import path from 'node:path';
import { codeScript } from './code/embedded-sql';
import { programEvidence } from './code/program-evidence';
import { readScript } from './code/read-script';
import { codeMigrations, composeProgram, programStem, type CodeNaming } from './code/script-migrations';
import { fileNames } from './file-names';
import type { Layout, LayoutExecution, Migration, MigrationScript } from './layout';
import { readDirection } from './migration-script';
import { classWords, recordedClass, refusesTransaction } from './typeorm-class';
import { generateCommand, migrateCommand } from './typeorm-command';
import { typeormHistoryTable } from './typeorm-data-source';
import { createTable, readHistory, rowOf, usualTable } from './typeorm-table';
import { compareTexts, compareVersions, fileWords } from './versions';

const named = /^(\d{13})(?!\d)[-_.]?(.*)$/;
const sign = /\bMigrationInterface\b|\bqueryRunner\s*\.\s*\w+/;

/**
 * The tool goes by the class alone, whose name ends in the timestamp that it gave the file too. The version is that
 * timestamp, by which it sorts and which its table has beside the name.
 */
const naming: CodeNaming = {
  layout: 'typeorm',
  read: (stem) => {
    const match = named.exec(stem);
    return match && { version: match[1]!, name: match[2]! };
  },
  compare: compareVersions,
};

/**
 * https://typeorm.io/docs/migrations/why: `1700000000000-Name.ts` with a class `Name1700000000000`, its methods `up`
 * and `down`. What is recorded of it, and stands for a checksum, is the name of the class.
 */
export const typeorm: Layout = {
  id: 'typeorm',
  title: 'TypeORM',

  folderOf(file) {
    const stem = programStem(path.basename(file));
    return stem !== null && named.test(stem) ? path.dirname(file) : null;
  },

  compare: (a, b) => (/^\d+$/.test(a) && /^\d+$/.test(b) ? compareVersions(a, b) : compareTexts(a, b)),

  recordedHash: (up) => up.checksum ?? null,

  async detect(folder, files) {
    const migrations = codeMigrations(folder, fileNames(await files.list(folder)), naming);
    return programEvidence(folder, migrations, { sign, packages: ['typeorm'], byPackage: 0.5 }, files);
  },

  async list(folder, files) {
    return codeMigrations(folder, fileNames(await files.list(folder)), naming);
  },

  async script(migration, direction, files): Promise<MigrationScript | null> {
    const read = await readDirection(migration, direction, files);
    if (!read) return null;
    const places = { calls: ['query'], sentTags: ['sql'] };
    const embedded = (await readScript(read.text, read.file, places))[direction];
    const transaction = refusesTransaction(read.text) ? 'none' : 'wrapped';
    if (!embedded) return null;
    const script = codeScript({ path: read.file, source: read.text, direction, embedded, transaction });
    return Object.assign(script, { checksum: recordedClass(read.text) ?? usualClass(migration) });
  },

  historyTable: (folder, files) => typeormHistoryTable(folder, files),

  history: (_directory, session, table) => readHistory(session, table ?? usualTable),

  // Scripts count versions that are not code.
  historyQuery: null,

  outsideTransaction: { by: 'code' },

  compose(request, existing) {
    const last = existing.reduce(
      (most, { version }) => (BigInt(version) > most ? BigInt(version) : most),
      0n,
    );
    const now = BigInt(request.now.getTime());
    const version = String(now > last ? now : last + 1n);
    const words = classWords(request.name);
    const stem = `${version}-${fileStyle(existing, request.name, words)}`;
    return [composeProgram('typeorm', request, existing, { version, stem, className: `${words}${version}` })];
  },

  execution(migration, direction, context): LayoutExecution {
    const className = context.recordedHash ?? usualClass(migration);
    return {
      lock: null,
      prepare: createTable(context.table),
      before: [],
      sameTransaction: true,
      record: () => [rowOf(direction, className, context.table)],
    };
  },

  tool: {
    run: { applies: 'all', takesBack: 'last', command: migrateCommand },
    generate: (folder, name, files) => generateCommand(folder, classWords(name), files),
  },
};

/** What the tool's generator calls the class of such a file. */
function usualClass({ name, version }: Migration): string {
  return `${classWords(name)}${version}`;
}

/** Words as the last file of the folder has them: `AddNote`, `add-note` or `add_note`. */
function fileStyle(existing: readonly Migration[], words: string, className: string): string {
  const last = existing.at(-1)?.name ?? '';
  if (/^[a-z\d]+(?:-[a-z\d]+)+$/.test(last)) return fileWords(words).replaceAll('_', '-');
  return /^[a-z\d]+(?:_[a-z\d]+)+$/.test(last) ? fileWords(words) : className;
}
