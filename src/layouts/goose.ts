import path from 'node:path';
import type { Session } from '../database/session';
import { utcText } from '../database/utc-text';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { Files } from '../ports/files';
import { hasGooseMarker, readGooseFile } from './goose-file';
import { gooseStatements } from './goose-statements';
import { historyTable } from './history-columns';
import { schemaOf, settingNamed, tableSql } from './history-table';
import type {
  Direction,
  History,
  HistoryTable,
  Layout,
  LayoutExecution,
  Migration,
  ParameterizedSql,
} from './layout';
import { addTwins } from './migration-problems';
import { migrationScript, partOfFile, readDirection } from './migration-script';
import { markerEvidence, oneFileMigrations } from './one-file-migrations';
import { variableNear } from './tool-settings';
import { compareVersions, fileWords, nextVersion, utcStamp } from './versions';
import { appliedRow } from './applied-row';

/** The default of -table. */
const usual: HistoryTable = { schema: null, name: 'goose_db_version' };
const noTransaction = '-- +goose NO TRANSACTION';
const filePattern = /^([0-9]+)_(.*)\.(sql|go)$/;
/** Versions are 64 bits with a sign. */
const highestVersion = 2n ** 63n - 1n;

/**
 * https://github.com/pressly/goose: one file with `-- +goose Up` and, where there is a way back, `-- +goose Down`; a
 * row for each version. Migrations in Go hold versions too, and only a program of the team's can run them.
 */
export const goose: Layout = {
  id: 'goose',
  title: 'goose',

  folderOf: (file) => (namedFile(path.basename(file))?.language === 'sql' ? path.dirname(file) : null),

  compare: compareVersions,

  recordedHash: () => null,

  async detect(folder, files) {
    return markerEvidence(await this.list(folder, files), '-- +goose Up', hasGooseMarker, files);
  },

  async list(folder, files) {
    const named = await namedFiles(folder, files);
    const sql = named.filter(({ language }) => language === 'sql');
    const migrations = oneFileMigrations('goose', folder, sql, sameVersion);
    const inGo = named.filter(({ language }) => language === 'go');
    for (const { fileName, version } of inGo) {
      const twin = migrations.find((migration) => migration.version === version);
      if (!twin) continue;
      const sentence = sameVersion(fileName, path.basename(twin.upPath));
      addTwins(twin, [{ path: path.join(folder, fileName), sentence }]);
    }
    if (migrations[0] && inGo.length > 0) migrations[0].codeVersions = inGo.map(({ version }) => version);
    return migrations;
  },

  async script(migration, direction, files) {
    const found = await readDirection(migration, direction, files);
    if (!found) return null;
    const { file, text } = found;
    const read = readGooseFile(text, path.basename(file), direction);
    if (typeof read === 'string') throw new SwitchbackError('invalid-file', read);
    if (read.part === null) return null;
    // Whether goose fills in a way back, the up above it may say: whoever runs the SQL does not see it.
    if (direction === 'down' && read.variables === 'quoted') throw unfilled(file);
    const { start, end } = read.part;
    const transaction = read.transactional ? 'wrapped' : 'none';
    return migrationScript({
      path: file,
      direction,
      ...partOfFile(text, start, end),
      transaction,
    });
  },

  historyTable: async (folder, files) => {
    const name = await variableNear(folder, 'GOOSE_TABLE', files);
    // goose writes the name into its SQL as it is.
    return name === null ? null : settingNamed(name);
  },

  history: (_directory, session, table) => readHistory(session, table ?? usual),

  // A script of psql would run the whole file, its way back too.
  historyQuery: null,

  outsideTransaction: { by: 'header', marker: noTransaction },

  compose(request, existing) {
    const sql = existing.map(writtenVersion);
    const go = existing.flatMap(({ codeVersions }) => codeVersions ?? []);
    const written = [...sql, ...go.map((version) => version.padStart(sql[0]!.length, '0'))];
    const version = written.length === 0 ? utcStamp(request.now) : nextVersion(written, request.now, 5);
    const file = path.join(request.folder, `${version}_${fileWords(request.name)}.sql`);
    const head = request.transactional ? '' : `${noTransaction}\n`;
    const down = request.down === null ? '' : `\n-- +goose Down\n${gooseStatements(request.down)}`;
    const text = `${head}-- +goose Up\n${gooseStatements(request.up)}${down}`;
    return [{ path: file, text, direction: 'up', version }];
  },

  execution(migration, direction, context): LayoutExecution {
    const table = tableSql(context.table ?? usual);
    const read = readGooseFile(context.sql, path.basename(migration.upPath), direction);
    if (typeof read !== 'string' && read.variables !== 'none') throw unfilled(migration.upPath);
    return {
      lock: null,
      prepare: [...schemaOf(context.table), createTable(table), firstRow(table)],
      before: [],
      sameTransaction: true,
      record: () => [recordOf(table, migration, direction)],
    };
  },
};

/** https://github.com/pressly/goose/blob/main/internal/dialects/postgres.go */
function createTable(table: string): string {
  return `create table if not exists ${table} (
  id integer primary key generated by default as identity,
  version_id bigint not null,
  is_applied boolean not null,
  tstamp timestamp not null default now()
)`;
}

/** goose takes a table without any row for one that it has not finished making. */
function firstRow(table: string): string {
  return `insert into ${table} (version_id, is_applied)
select 0, true where not exists (select 1 from ${table})`;
}

function recordOf(table: string, { version }: Migration, direction: Direction): ParameterizedSql {
  return direction === 'up'
    ? {
        sql: `insert into ${table} (version_id, is_applied) values ($1::bigint, $2::boolean)`,
        parameters: [version, true],
      }
    : { sql: `delete from ${table} where version_id = $1::bigint`, parameters: [version] };
}

function unfilled(file: string): SwitchbackError {
  return new SwitchbackError(
    'invalid-file',
    t(
      '{0} has environment variables that goose fills in (ENVSUB ON), and their values are not known here. Run it with goose, or write the values.',
      path.basename(file),
    ),
  );
}

interface NamedFile {
  fileName: string;
  written: string;
  version: string;
  name: string;
  language: 'sql' | 'go';
}

function namedFile(fileName: string): NamedFile | null {
  const match = filePattern.exec(fileName);
  if (!match || fileName.endsWith('_test.go')) return null;
  const [, written, name, language] = match as unknown as [string, string, string, NamedFile['language']];
  const version = BigInt(written);
  if (version < 1n || version > highestVersion) return null;
  return { fileName, written, version: String(version), name, language };
}

async function namedFiles(folder: string, files: Files): Promise<NamedFile[]> {
  const entries = await files.list(folder);
  return entries
    .flatMap(({ name, kind }) => (kind === 'file' ? (namedFile(name) ?? []) : []))
    .sort((a, b) => compareVersions(a.version, b.version));
}

function sameVersion(extra: string, first: string): string {
  return t('{0} has the same version as {1}, which goose refuses. Rename one of them.', extra, first);
}

/** The version with its leading zeros, as the file has it. */
function writtenVersion({ upPath, version }: Migration): string {
  return /^\d+/.exec(path.basename(upPath))?.[0] ?? version;
}

interface Row {
  version: string;
  applied_at: string | null;
}

async function readHistory(session: Session, table: HistoryTable): Promise<History> {
  const found = await historyTable(session, 'goose', table, ['version_id bigint', 'is_applied boolean']);
  const history = { exists: found.exists, table: found.name, applied: [], cumulative: false };
  if (!found.exists) return history;
  // Of a version's rows the latest counts: older releases wrote one for the way back too, not applied.
  const { rows } = await session.query<Row>(
    `select version_id::text as version, ${utcText('tstamp::timestamptz')} as applied_at
     from (select distinct on (version_id) * from ${found.sql} order by version_id, id desc) latest
     where is_applied and version_id <> 0 order by id`,
  );
  const applied = rows.map((row) =>
    appliedRow(row.version, {
      appliedAt: row.applied_at,
    }),
  );
  return { ...history, applied };
}
