import path from 'node:path';
import type { Session } from '../database/session';
import { t } from '../messages/translate';
import { filesNamedLike, goingDown } from './evidence-text';
import { releaseToolLock, takeToolLock } from './golang-migrate-lock';
import { golangHistoryTable } from './golang-migrate-table';
import { historyTable } from './history-columns';
import { schemaOf, tableSql } from './history-table';
import type {
  Direction,
  History,
  HistoryTable,
  Layout,
  LayoutExecution,
  Migration,
  ParameterizedSql,
} from './layout';
import { addProblems, addTwins } from './migration-problems';
import { migrationScript, readDirection } from './migration-script';
import { compareVersions, fileWords, nextVersion } from './versions';
import { fileNames } from './file-names';
import { appliedRow } from './applied-row';

/** The default of x-migrations-table. */
const usual: HistoryTable = { schema: null, name: 'schema_migrations' };
/** The tool looks no version up as this: nothing is applied. */
const nilVersion = '-1';
const filePattern = /^([0-9]+)_(.*)\.(down|up)\.(.*)$/;
/** The tool reads versions into 64 unsigned bits and its table keeps 63. */
const highestVersion = 2n ** 63n - 1n;

/** https://github.com/golang-migrate/migrate: `000001_name.up.sql` and `.down.sql`, one history row. */
export const golangMigrate: Layout = {
  id: 'golang-migrate',
  title: 'golang-migrate',

  folderOf: (file) => (parseName(path.basename(file)) ? path.dirname(file) : null),

  compare: compareVersions,

  recordedHash: () => null,

  async detect(folder, files) {
    const names = fileNames(await files.list(folder));
    const matching = names.filter((name) => parseName(name) !== null && name.endsWith('.sql'));
    if (matching.length === 0) return null;
    const downs = matching.filter((name) => parseName(name)?.direction === 'down').length;
    return {
      confidence: downs > 0 ? 0.9 : 0.7,
      evidence: [filesNamedLike(matching.length, matching[0]!), goingDown(downs)],
    };
  },

  async list(folder, files) {
    return migrationsOf(folder, fileNames(await files.list(folder)));
  },

  async script(migration, direction, files) {
    const read = await readDirection(migration, direction, files);
    if (!read) return null;
    const { file, text: sql } = read;
    // The driver sends the file as one simple query: an implicit transaction, or none for a single statement.
    return migrationScript({ path: file, direction, sql, offset: 0, transaction: 'implicit' });
  },

  historyTable: (folder, files) => golangHistoryTable(folder, files),

  history: (_directory, session, table) => readHistory(session, table ?? usual),

  historyQuery: { ...queryOf(usual), cumulative: true, at: queryOf },

  outsideTransaction: { by: 'single-statement' },

  compose(request, existing) {
    const version = nextVersion(existing.map(writtenVersion), request.now, 6);
    const stem = path.join(request.folder, `${version}_${fileWords(request.name)}`);
    const up = { path: `${stem}.up.sql`, text: request.up, direction: 'up' as const, version };
    if (request.down === null) return [up];
    return [up, { path: `${stem}.down.sql`, text: request.down, direction: 'down', version }];
  },

  execution(migration, direction, context): LayoutExecution {
    const named = context.table ?? usual;
    const table = tableSql(named);
    const target = direction === 'up' ? migration.version : (context.previousVersion ?? nilVersion);
    return {
      lock: { take: takeToolLock(named), release: releaseToolLock(named) },
      prepare: [
        ...schemaOf(context.table),
        `create table if not exists ${table} (version bigint not null primary key, dirty boolean not null)`,
      ],
      before: setVersion(table, target, true),
      sameTransaction: false,
      record: () => setVersion(table, target, false),
    };
  },
};

function queryOf(named: HistoryTable): { table: string; sql: string } {
  const table = tableSql(named);
  return { table, sql: `select version::text as version, dirty from ${table} limit 1` };
}

/** What the tool writes: the table emptied, then one row; no row when nothing is applied and nothing is dirty. */
function setVersion(table: string, version: string, dirty: boolean): ParameterizedSql[] {
  // Another tool's table of the same name fails here, before it is emptied.
  const guard = { sql: `select 1 from ${table} where version = 0::bigint and dirty`, parameters: [] };
  const empty = { sql: `truncate ${table}`, parameters: [] };
  if (version === nilVersion && !dirty) return [guard, empty];
  const insert = {
    sql: `insert into ${table} (version, dirty) values ($1::bigint, $2::boolean)`,
    parameters: [version, dirty],
  };
  return [guard, empty, insert];
}

interface ParsedName {
  written: string;
  version: string;
  name: string;
  direction: Direction;
}

function parseName(fileName: string): ParsedName | null {
  const match = filePattern.exec(fileName);
  if (!match || BigInt(match[1]!) > highestVersion) return null;
  const [, written, name, direction] = match as unknown as [string, string, string, Direction];
  return { written, version: String(BigInt(written)), name, direction };
}

function migrationsOf(folder: string, names: readonly string[]): Migration[] {
  const byVersion = new Map<string, { up: string[]; down: string[] }>();
  for (const fileName of names) {
    const parsed = parseName(fileName);
    if (!parsed) continue;
    const group = byVersion.get(parsed.version) ?? { up: [], down: [] };
    group[parsed.direction].push(fileName);
    byVersion.set(parsed.version, group);
  }
  const migrations = [...byVersion].map(([version, group]) => migrationOf(folder, version, group));
  return migrations.sort((a, b) => compareVersions(a.version, b.version));
}

function migrationOf(folder: string, version: string, group: { up: string[]; down: string[] }): Migration {
  const [up, ...moreUps] = group.up;
  const [down, ...moreDowns] = group.down;
  const twins = [...moreUps, ...moreDowns].map((extra) => ({
    path: path.join(folder, extra),
    sentence: t(
      '{0} has the same version as {1}, which golang-migrate refuses. Rename one of them.',
      extra,
      up ?? down!,
    ),
  }));
  const upName = up ?? down!.replace(/\.down\.([^.]*)$/, '.up.$1');
  const migration: Migration = {
    version,
    name: parseName(up ?? down!)!.name,
    folder,
    layout: 'golang-migrate',
    upPath: path.join(folder, upName),
    downPath: down === undefined ? null : path.join(folder, down),
  };
  addTwins(migration, twins);
  if (up === undefined)
    addProblems(migration, [t('{0} has no up file. Add {1}, or remove it.', down!, upName)]);
  return migration;
}

/** The version with its leading zeros, as the file has it. */
function writtenVersion(migration: Migration): string {
  return /^\d+/.exec(path.basename(migration.upPath))?.[0] ?? migration.version;
}

async function readHistory(session: Session, table: HistoryTable): Promise<History> {
  const columns = ['version bigint', 'dirty boolean'];
  const found = await historyTable(session, 'golang-migrate', table, columns);
  if (!found.exists) return { exists: false, table: found.name, applied: [], cumulative: true };
  const history = await session.query<{ version: string; dirty: boolean }>(
    `select version::text as version, dirty from ${found.sql} limit 1`,
  );
  const applied = history.rows.map((row) =>
    appliedRow(row.version, {
      dirty: row.dirty,
    }),
  );
  return { exists: true, table: found.name, applied, cumulative: true };
}
