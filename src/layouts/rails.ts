import path from 'node:path';
import type { Session } from '../database/session';
import { t } from '../messages/translate';
import { filesNamedLike } from './evidence-text';
import { appliedRow } from './applied-row';
import { codeScript } from './code/embedded-sql';
import { readNested } from './code/read-nested';
import { readRubyMigration } from './code/read-ruby';
import { codeValues, signOfTool } from './code/script-migrations';
import { fileNames } from './file-names';
import { historyTable } from './history-columns';
import { schemaOf, tableSql } from './history-table';
import type { History, HistoryTable, Layout, LayoutExecution, Migration } from './layout';
import { addTwins } from './migration-problems';
import { readDirection } from './migration-script';
import { isInRails, railsCommand, railsTable, railsTask } from './rails-project';
import { compareVersions, fileWords, nextVersion, utcStamp } from './versions';

const usual: HistoryTable = { schema: null, name: 'schema_migrations' };
/** `ActiveRecord::Migration::MigrationFilenameRegexp`. */
const named = /^([0-9]+)_([_a-z0-9]*)\.?([_a-z0-9]*)?\.rb$/;
const sign = /\bActiveRecord::Migration\b/;
const withoutTransaction = /^[ \t]*disable_ddl_transaction!/m;

/** https://guides.rubyonrails.org/active_record_migrations.html: `db/migrate/20240101120000_name.rb`. */
export const rails: Layout = {
  id: 'rails',
  title: 'Rails',

  folderOf: (file) => (named.test(path.basename(file)) ? path.dirname(file) : null),

  compare: compareVersions,

  recordedHash: () => null,

  async detect(folder, files) {
    const migrations = await this.list(folder, files);
    const seen = await signOfTool(migrations, sign, files);
    if (!seen) return null;
    const application = await isInRails(folder, files);
    const evidence = [
      filesNamedLike(migrations.length, path.basename(migrations[0]!.upPath)),
      t('{0} has "{1}"', seen.file, seen.sign),
      ...(application ? [t('{0} is there', 'bin/rails')] : []),
    ];
    return { confidence: application ? 0.95 : 0.85, evidence };
  },

  async list(folder, files) {
    return migrationsOf(folder, fileNames(await files.list(folder)));
  },

  async script(migration, direction, files) {
    const read = await readDirection(migration, direction, files);
    if (!read) return null;
    const embedded = (await readNested(read.file, () => readRubyMigration(read.text)))[direction];
    if (!embedded) return null;
    const transaction = withoutTransaction.test(read.text) ? 'none' : 'wrapped';
    return codeScript({ path: read.file, source: read.text, direction, embedded, transaction });
  },

  historyTable: railsTable,

  history: (_directory, session, table) => readHistory(session, table ?? usual),

  historyQuery: null,

  outsideTransaction: { by: 'code' },

  compose(request, existing) {
    const versions = existing.map(({ version }) => version);
    const version = versions.length === 0 ? utcStamp(request.now) : nextVersion(versions, request.now, 14);
    const number = writtenLike(existing.at(-1), version);
    const words = rubyWords(request.name);
    const stem = `${number}_${words}`;
    const file = path.join(request.folder, `${stem}.rb`);
    const names = { version, stem, className: className(words) };
    const text = request.fill?.('rails.rb', codeValues(request, names), file) ?? '';
    return [{ path: file, text, direction: 'up', version }];
  },

  execution({ version }, direction, context): LayoutExecution {
    const table = tableSql(context?.table ?? usual);
    const row = { parameters: [version] };
    return {
      lock: null,
      prepare: [
        ...schemaOf(context?.table),
        `create table if not exists ${table} (version character varying not null primary key)`,
        'create table if not exists ar_internal_metadata (key character varying not null primary key, value character varying, created_at timestamp(6) without time zone not null, updated_at timestamp(6) without time zone not null)',
      ],
      before: [],
      sameTransaction: true,
      record: () => [
        direction === 'up'
          ? { sql: `insert into ${table} (version) values ($1::varchar)`, ...row }
          : { sql: `delete from ${table} where version = $1::varchar`, ...row },
      ],
    };
  },

  tool: {
    run: {
      applies: 'one',
      takesBack: 'one',
      command: ({ folder, version }, direction, files) =>
        railsTask(folder, [`db:migrate:${direction}`, `VERSION=${version}`], files),
    },
    generate: (folder, name, files) =>
      railsCommand(folder, ['generate', 'migration', className(rubyWords(name))], files),
  },
};

/** Rails takes a version as a number: 001_create.rb has the version 1. */
function migrationsOf(folder: string, names: readonly string[]): Migration[] {
  const byVersion = new Map<string, Migration>();
  for (const fileName of names) {
    const match = named.exec(fileName);
    if (!match) continue;
    const version = String(BigInt(match[1]!));
    const upPath = path.join(folder, fileName);
    const first = byVersion.get(version);
    if (first) {
      const sentence = t(
        '{0} has the version {1} of {2}: Rails refuses to run any. Rename one of them.',
        fileName,
        version,
        path.basename(first.upPath),
      );
      addTwins(first, [{ path: upPath, sentence }]);
    } else {
      const name = match[2]!;
      byVersion.set(version, {
        version,
        name,
        folder,
        layout: 'rails',
        upPath,
        downPath: upPath,
        isCode: true,
      });
    }
  }
  return [...byVersion.values()].sort((one, other) => compareVersions(one.version, other.version));
}

/** As many digits as the last file's number, which may begin with zeros. */
function writtenLike(last: Migration | undefined, version: string): string {
  const digits = last ? named.exec(path.basename(last.upPath))![1]! : '';
  return digits.startsWith('0') ? version.padStart(digits.length, '0') : version;
}

/** Words that a file and a class may be named by: of ASCII, and none that begins with a digit. */
function rubyWords(name: string): string {
  const ascii = name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\0-\x7f]+/g, ' ');
  const words = fileWords(ascii);
  return /^\d/.test(words) ? `migration_${words}` : words;
}

/** `add_note` as `AddNote`, as `String#camelize` of Active Support has it. */
function className(words: string): string {
  return words.replace(
    /(?:^|_)([a-z\d]*)/g,
    (_, word: string) => word.charAt(0).toUpperCase() + word.slice(1),
  );
}

async function readHistory(session: Session, table: HistoryTable): Promise<History> {
  const found = await historyTable(session, 'Rails', table, ['version character varying']);
  const history = { exists: found.exists, table: found.name, applied: [], cumulative: false };
  if (!found.exists) return history;
  const { rows } = await session.query<{ version: string }>(`select version from ${found.sql}`);
  const versions = rows.map(({ version }) => version);
  return {
    ...history,
    applied: versions.sort(byNumber).map((version) => appliedRow(version)),
  };
}

function byNumber(one: string, other: string): number {
  return /^\d+$/.test(one) && /^\d+$/.test(other) ? compareVersions(one, other) : one < other ? -1 : 1;
}
