import path from 'node:path';
import type { Session } from '../database/session';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { formatIdentifier, quoteIdentifier } from '../sql/identifier';
import { releaseToolLock, takeToolLock } from './golang-migrate-lock';
import type { Direction, History, Layout, LayoutExecution, Migration, ParameterizedSql } from './layout';
import { addProblems, addTwins } from './migration-problems';
import { migrationScript, readDirection } from './migration-script';
import { compareVersions, fileWords, nextVersion } from './versions';
import { fileNames } from './file-names';
import { appliedRow } from './applied-row';

/** The default of x-migrations-table. */
const table = 'schema_migrations';
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
      evidence: [
        t('{0} files named like {1}', matching.length, matching[0]!),
        t('{0} of them go down', downs),
      ],
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

  history: (_directory, session) => readHistory(session),

  historyQuery: {
    table,
    sql: `select version::text as version, dirty from ${table} limit 1`,
    cumulative: true,
  },

  outsideTransaction: { by: 'single-statement' },

  compose(request, existing) {
    const version = nextVersion(existing.map(writtenVersion), request.now, 6);
    const stem = path.join(request.folder, `${version}_${fileWords(request.name)}`);
    const up = { path: `${stem}.up.sql`, text: request.up, direction: 'up' as const, version };
    if (request.down === null) return [up];
    return [up, { path: `${stem}.down.sql`, text: request.down, direction: 'down', version }];
  },

  execution(migration, direction, context): LayoutExecution {
    const target = direction === 'up' ? migration.version : (context.previousVersion ?? nilVersion);
    return {
      lock: { take: takeToolLock(table), release: releaseToolLock(table) },
      prepare: [
        `create table if not exists ${table} (version bigint not null primary key, dirty boolean not null)`,
      ],
      before: setVersion(target, true),
      sameTransaction: false,
      record: () => setVersion(target, false),
    };
  },
};

/** What the tool writes: the table emptied, then one row; no row when nothing is applied and nothing is dirty. */
function setVersion(version: string, dirty: boolean): ParameterizedSql[] {
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

interface TableRow {
  schema: string;
  columns: string[] | null;
}

async function readHistory(session: Session): Promise<History> {
  const { rows } = await session.query<TableRow>(
    `select current_schema() as schema, (
       select array_agg(a.attname || ' ' || format_type(a.atttypid, null) order by a.attnum)
       from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
       where n.nspname = current_schema() and c.relname = '${table}' and c.relkind in ('r', 'p')
         and a.attnum > 0 and not a.attisdropped) as columns`,
  );
  const { schema, columns } = rows[0]!;
  const name = `${formatIdentifier(schema ?? 'public')}.${table}`;
  if (columns === null) return { exists: false, table: name, applied: [], cumulative: true };
  if (!columns.includes('version bigint') || !columns.includes('dirty boolean')) {
    throw new SwitchbackError(
      'invalid-input',
      t(
        'The table {0} is not golang-migrate\'s: it has no columns "version bigint" and "dirty boolean". Another tool keeps its history there; choose the database or the migrations folder that belong together.',
        name,
      ),
    );
  }
  const history = await session.query<{ version: string; dirty: boolean }>(
    `select version::text as version, dirty from ${quoteIdentifier(schema)}.${table} limit 1`,
  );
  const applied = history.rows.map((row) =>
    appliedRow(row.version, {
      dirty: row.dirty,
    }),
  );
  return { exists: true, table: name, applied, cumulative: true };
}
