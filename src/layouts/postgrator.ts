import { createHash } from 'node:crypto';
import path from 'node:path';
import { t } from '../messages/translate';
import type { Files } from '../ports/files';
import { filesNamedLike, goingDown } from './evidence-text';
import { schemaOf, tableSql } from './history-table';
import type { Layout, LayoutExecution, Migration, MigrationTwin } from './layout';
import { addProblems, addTwins } from './migration-problems';
import { migrationScript, readDirection } from './migration-script';
import { dependsOn } from './node-project';
import { prepareSql, readHistory, recordOf } from './postgrator-history';
import { postgratorHistoryTable, usualTable } from './postgrator-table';
import { compareTexts, fileWords, nextVersion } from './versions';

/** The tool takes names apart at their dots and keeps the first three parts; case counts. */
const filePattern = /^(\d+)\.(do|undo)(?:\.(.*))?\.(sql|[cm]?js)$/;

/** https://github.com/rickbergfalk/postgrator: `001.do.name.sql` and `001.undo.name.sql`, as its version 8 runs them. */
export const postgrator: Layout = {
  id: 'postgrator',
  title: 'Postgrator',

  folderOf: (file) => (parseName(path.basename(file))?.code === false ? path.dirname(file) : null),

  compare: compareNumbers,

  /** MD5 of the file's text. The tool's option `newline` would hash it with other line ends. */
  recordedHash: (up) => md5(up.sql),

  acceptsHash: (up, recorded) => textsOf(up.sql).some((text) => md5(text) === recorded),

  async detect(folder, files) {
    const parsed = (await parsedFiles(folder, files)).filter(({ code }) => !code);
    const first = parsed[0];
    if (first === undefined) return null;
    const undos = parsed.filter(({ direction }) => direction === 'undo').length;
    const depends = await dependsOn(folder, ['postgrator', 'postgrator-cli'], files);
    return {
      confidence: depends ? 0.95 : undos > 0 ? 0.9 : 0.8,
      evidence: [
        filesNamedLike(parsed.length, first.fileName),
        goingDown(undos),
        ...(depends ? [t('package.json names {0}', 'postgrator')] : []),
      ],
    };
  },

  async list(folder, files) {
    return migrationsOf(folder, await parsedFiles(folder, files));
  },

  async script(migration, direction, files) {
    const read = await readDirection(migration, direction, files);
    if (!read) return null;
    const { file, text: sql } = read;
    // The tool sends the file as one simple query, and its own row in another.
    return migrationScript({ path: file, direction, sql, offset: 0, transaction: 'implicit' });
  },

  historyTable: (folder, files) => postgratorHistoryTable(folder, files),

  history: (_directory, session, table) => readHistory(session, table ?? usualTable),

  // Scripts have the SHA-256 of a file and not the MD5 that the table keeps.
  historyQuery: null,

  outsideTransaction: { by: 'single-statement' },

  compose(request, existing) {
    const version = nextVersion(writtenVersions(existing), request.now, 3);
    const words = fileWords(request.name).replaceAll('_', '-');
    const file = (action: string): string => path.join(request.folder, `${version}.${action}.${words}.sql`);
    const up = { path: file('do'), text: request.up, direction: 'up' as const, version };
    if (request.down === null) return [up];
    return [up, { path: file('undo'), text: request.down, direction: 'down', version }];
  },

  execution(migration, direction, context): LayoutExecution {
    const table = tableSql(context.table ?? usualTable);
    return {
      lock: null,
      prepare: [...schemaOf(context.table), prepareSql(table)],
      before: [],
      // The rows are the tool's; that they come or fail with the migration is more than it does.
      sameTransaction: true,
      record: () => [recordOf(table, migration, direction, context.recordedHash)],
    };
  },
};

/** The tool reads versions as JavaScript's numbers. */
function compareNumbers(a: string, b: string): number {
  return Number(a) - Number(b) || compareTexts(a, b);
}

function md5(text: string): string {
  return createHash('md5').update(text, 'utf8').digest('hex');
}

/** What the tool may have hashed: the text itself, with other line ends, or with the byte order mark it does not remove. */
function textsOf(sql: string): string[] {
  const ends = ['\n', '\r\n', '\r'].map((end) => sql.replace(/\r\n|\r|\n/g, end));
  return [sql, ...ends].flatMap((text) => [text, `\uFEFF${text}`]);
}

interface ParsedFile {
  fileName: string;
  version: string;
  name: string;
  direction: 'do' | 'undo';
  /** In JavaScript: the tool's too, and not listed. */
  code: boolean;
}

function parseName(fileName: string): ParsedFile | null {
  const match = filePattern.exec(fileName);
  // Above that the column holds no version.
  if (!match || Number(match[1]) >= 2 ** 63) return null;
  const [, written, direction, words, extension] = match as unknown as [
    string,
    string,
    'do' | 'undo',
    string | undefined,
    string,
  ];
  const name = words?.split('.')[0] ?? '';
  return { fileName, version: String(Number(written)), name, direction, code: extension !== 'sql' };
}

async function parsedFiles(folder: string, files: Files): Promise<ParsedFile[]> {
  const entries = await files.list(folder);
  return entries.flatMap((entry) => {
    const parsed = entry.kind === 'file' ? parseName(entry.name) : null;
    return parsed ? [parsed] : [];
  });
}

interface Group {
  version: string;
  dos: ParsedFile[];
  undos: ParsedFile[];
  code: ParsedFile[];
}

function migrationsOf(folder: string, parsed: readonly ParsedFile[]): Migration[] {
  const byVersion = new Map<string, Group>();
  for (const file of parsed) {
    const group = byVersion.get(file.version) ?? { version: file.version, dos: [], undos: [], code: [] };
    (file.code ? group.code : file.direction === 'do' ? group.dos : group.undos).push(file);
    byVersion.set(file.version, group);
  }
  const start = byVersion.get('0');
  byVersion.delete('0');
  const groups = [...byVersion.values()].sort((a, b) => compareNumbers(a.version, b.version));
  const ofCode = groups.filter(isCode);
  const migrations = groups.filter((group) => !isCode(group)).map((group) => migrationOf(folder, group));
  if (start && migrations[0]) addProblems(migrations[0], [...start.dos, ...start.undos].map(neverRun));
  if (migrations[0] && ofCode.length > 0) migrations[0].codeVersions = ofCode.map(({ version }) => version);
  return migrations;
}

/** Whether the tool goes up by code, or has nothing in SQL of this version: an undo in SQL may be beside it. */
function isCode({ dos, undos, code }: Group): boolean {
  if (dos.length > 0) return false;
  return undos.length === 0 || code.some(({ direction }) => direction === 'do');
}

function neverRun(file: ParsedFile): string {
  return t(
    'Postgrator never runs {0}: version 0 stands for an empty database. Give it a number above 0.',
    file.fileName,
  );
}

function migrationOf(folder: string, { version, dos, undos, code }: Group): Migration {
  const [up, ...moreUps] = dos;
  const [down, ...moreDowns] = undos;
  const upName = up?.fileName ?? down!.fileName.replace('.undo.', '.do.');
  const migration: Migration = {
    version,
    name: (up ?? down)!.name,
    folder,
    layout: 'postgrator',
    upPath: path.join(folder, upName),
    downPath: down ? path.join(folder, down.fileName) : null,
  };
  const extra = (first: ParsedFile, more: readonly ParsedFile[]): MigrationTwin[] =>
    more.map(({ fileName }) => ({
      path: path.join(folder, fileName),
      sentence: t(
        '{0} has the same version as {1}, which postgrator refuses. Rename one of them.',
        fileName,
        first.fileName,
      ),
    }));
  const twins = (direction: 'do' | 'undo'): ParsedFile[] =>
    code.filter((file) => file.direction === direction);
  if (up) addTwins(migration, extra(up, [...moreUps, ...twins('do')]));
  else addProblems(migration, [t('{0} has no do file. Add {1}, or remove it.', down!.fileName, upName)]);
  if (down) addTwins(migration, extra(down, [...moreDowns, ...twins('undo')]));
  return migration;
}

/** All versions of a folder with their leading zeros, as the files have them; those of code as long as the others. */
function writtenVersions(existing: readonly Migration[]): string[] {
  const written = existing.map(
    (migration) => /^\d+/.exec(path.basename(migration.upPath))?.[0] ?? migration.version,
  );
  const width = Math.max(0, ...written.map((version) => version.length));
  const code = existing.flatMap((migration) => migration.codeVersions ?? []);
  return [...written, ...code.map((version) => version.padStart(width, '0'))];
}
