import path from 'node:path';
import { t } from '../messages/translate';
import type { Files } from '../ports/files';
import { schemaOf, tableSql } from './history-table';
import type { Layout, LayoutEvidence, LayoutExecution, Migration } from './layout';
import { migrationScript, readDirection } from './migration-script';
import { generateWithPrisma } from './prisma-command';
import { acceptsPrismaHash, readPrismaHistory } from './prisma-history';
import { prismaHistoryTable, usualTable } from './prisma-table';
import { compareTexts, fileWords, nextVersion, utcStamp } from './versions';
import { fileNames } from './file-names';

const upName = 'migration.sql';
/** Ours: the tool looks at `migration.sql` alone. */
const downName = 'down.sql';
const lockName = 'migration_lock.toml';
/** The number the tool locks by: sql-schema-connector/src/flavour/postgres.rs, acquire_lock. */
const lockNumber = 72707369;

/**
 * https://github.com/prisma/prisma-engines, schema-engine: `<time>_<words>/migration.sql`, one simple query each, and
 * the row begun before it and finished after it. It knows no way back; ours is `down.sql` beside it.
 */
export const prisma: Layout = {
  id: 'prisma',
  title: 'Prisma',

  folderOf(file) {
    const name = path.basename(file);
    return name === upName || name === downName ? path.dirname(path.dirname(file)) : null;
  },

  compare: compareNames,

  // Over the file's bytes. A byte order mark is not counted: with one the tool cannot run the file at all.
  recordedHash: (up) => up.contentHash,

  acceptsHash: (up, recorded) => acceptsPrismaHash(up.sql, recorded),

  detect,

  async list(folder, files) {
    const found = await foldersIn(folder, files);
    return found.map(migrationOf).sort((a, b) => compareNames(a.version, b.version));
  },

  async script(migration, direction, files) {
    const read = await readDirection(migration, direction, files);
    if (!read) return null;
    const { file, text: sql } = read;
    // apply_migration_script sends the text as one simple query: an implicit transaction, or none for one statement.
    return migrationScript({ path: file, direction, sql, offset: 0, transaction: 'implicit' });
  },

  historyTable: (folder, files) => prismaHistoryTable(folder, files),

  history: (_directory, session, table) => readPrismaHistory(session, table ?? usualTable),

  // A script writes versions that are numbers; this tool's are folder names with words in them.
  historyQuery: null,

  outsideTransaction: { by: 'single-statement' },

  compose(request, existing) {
    const words = fileWords(request.name);
    const version = `${nextNumber(existing, request.now)}_${words}`;
    const folder = path.join(request.folder, version);
    const up = { path: path.join(folder, upName), text: request.up, direction: 'up' as const, version };
    if (request.down === null) return [up];
    return [up, { path: path.join(folder, downName), text: request.down, direction: 'down', version }];
  },

  execution(migration, direction, context): LayoutExecution {
    const table = tableSql(context.table ?? usualTable);
    const around = {
      lock: {
        take: `select pg_advisory_lock(${lockNumber})`,
        release: `select pg_advisory_unlock(${lockNumber})`,
      },
      prepare: [...schemaOf(context.table), createTable(table)],
    };
    if (direction === 'down') {
      // A row marked as rolled back still counts as there in `migrate status`, so it goes.
      const remove = { sql: removeSql(table), parameters: [migration.version] };
      return { ...around, before: [], sameTransaction: true, record: () => [remove] };
    }
    const hash = context.recordedHash ?? context.contentHash;
    return {
      ...around,
      before: [
        { sql: resolveSql(table), parameters: [migration.version] },
        { sql: beginSql(table), parameters: [context.id, hash, migration.version] },
      ],
      sameTransaction: false,
      record: () => [
        { sql: finishSql(table), parameters: [migration.version] },
        { sql: markSql(table), parameters: [context.id, hash, migration.version] },
      ],
    };
  },

  // Its engine knows no password file: an address without a password would put the project's own out of force.
  tool: { ownDatabase: true, generate: generateWithPrisma },
};

function createTable(table: string): string {
  return `create table if not exists ${table} (
  id varchar(36) primary key not null,
  checksum varchar(64) not null,
  finished_at timestamptz,
  migration_name varchar(255) not null,
  logs text,
  rolled_back_at timestamptz,
  started_at timestamptz not null default now(),
  applied_steps_count integer not null default 0
)`;
}

const unfinished = 'migration_name = $1::text and finished_at is null and rolled_back_at is null';

/** What `migrate resolve --rolled-back` does with a row that was begun and cut off. */
function resolveSql(table: string): string {
  return `update ${table} set rolled_back_at = clock_timestamp() where ${unfinished}`;
}

function beginSql(table: string): string {
  return `insert into ${table} (id, checksum, started_at, migration_name)
values ($1::text, $2::text, clock_timestamp(), $3::text)`;
}

/** By name, as a row that was begun by a session that is gone is finished by another. */
function finishSql(table: string): string {
  return `update ${table}
set applied_steps_count = applied_steps_count + 1, finished_at = clock_timestamp() where ${unfinished}`;
}

/** Where nothing was begun, what `migrate resolve --applied` writes: a row of no steps. */
function markSql(table: string): string {
  return `insert into ${table} (id, checksum, logs, started_at, finished_at, migration_name)
select $1::text, $2::text, '', now(), now(), $3::text
where not exists (select 1 from ${table} where migration_name = $3::text and rolled_back_at is null)`;
}

function removeSql(table: string): string {
  return `delete from ${table} where migration_name = $1::text and rolled_back_at is null`;
}

/**
 * The order of `localeCompare`, which the tool sorts its folders by (packages/migrate/src/utils/listMigrations.ts),
 * in English so that it is the same on every machine.
 */
function compareNames(a: string, b: string): number {
  return byFirstDigit(a, b) ?? (a.localeCompare(b, 'en') || compareTexts(a, b));
}

/** Names that begin with different numbers, as nearly all do, need no tables of a language; null for others. */
function byFirstDigit(a: string, b: string): number | null {
  let place = 0;
  while (place < a.length && a[place] === b[place]) place += 1;
  const [left, right] = [a.charCodeAt(place), b.charCodeAt(place)];
  const areDigits = left >= 48 && left <= 57 && right >= 48 && right <= 57;
  return areDigits ? left - right : null;
}

interface MigrationFolder {
  folder: string;
  name: string;
  files: readonly string[];
}

async function foldersIn(folder: string, files: Files): Promise<MigrationFolder[]> {
  const entries = await files.list(folder);
  const folders = entries.filter((entry) => entry.kind === 'folder');
  return Promise.all(
    folders.map(async ({ name }) => {
      const inside = await files.list(path.join(folder, name));
      return {
        folder,
        name,
        files: fileNames(inside),
      };
    }),
  );
}

function migrationOf({ folder, name, files }: MigrationFolder): Migration {
  const place = path.join(folder, name);
  const missing = t(
    '{0} holds no migration.sql, which Prisma refuses. Restore the file, or remove the folder.',
    name,
  );
  return {
    version: name,
    name: /^\d+_(.+)$/.exec(name)?.[1] ?? name,
    folder,
    layout: 'prisma',
    upPath: path.join(place, upName),
    downPath: files.includes(downName) ? path.join(place, downName) : null,
    ...(files.includes(upName) ? {} : { problems: [missing] }),
  };
}

async function detect(folder: string, files: Files): Promise<LayoutEvidence | null> {
  const migrations = (await foldersIn(folder, files)).filter((found) => found.files.includes(upName));
  if (migrations.length === 0) return null;
  const { name } = migrations[0]!;
  const counted =
    migrations.length === 1
      ? t('1 folder with a migration.sql, like {0}', name)
      : t('{0} folders with a migration.sql, like {1}', migrations.length, name);
  const named = await providerOf(folder, files);
  if (named) {
    const evidence = [t('{0} names the provider {1}', named.file, named.provider), counted];
    return isPostgres(named.provider) ? { confidence: 0.95, evidence } : null;
  }
  // Drizzle's newer folders: a snapshot beside each migration.sql.
  if (migrations.some((found) => found.files.includes('snapshot.json'))) return null;
  if (!migrations.every((found) => /^\d+_/.test(found.name))) return null;
  const below = path.basename(path.dirname(folder)) === 'prisma';
  return { confidence: below ? 0.7 : 0.5, evidence: [counted] };
}

function isPostgres(provider: string): boolean {
  return provider === 'postgresql' || provider === 'postgres';
}

/** The provider of `migration_lock.toml`, or else of a `schema.prisma` above. */
async function providerOf(folder: string, files: Files): Promise<{ file: string; provider: string } | null> {
  const lock = await files.readIfExists(path.join(folder, lockName)).catch(() => null);
  const locked = lock === null ? null : /^provider\s*=\s*"?([\w-]+)/m.exec(lock);
  if (locked) return { file: lockName, provider: locked[1]! };
  for (const above of ['..', path.join('..', '..')]) {
    const schema = await files.readIfExists(path.join(folder, above, 'schema.prisma')).catch(() => null);
    const source = schema === null ? null : /^[ \t]*datasource\s+\w+\s*\{([^}]*)/m.exec(schema);
    const provider = source && /^[ \t]*provider\s*=\s*"([\w-]+)"/m.exec(source[1]!);
    if (provider) return { file: 'schema.prisma', provider: provider[1]! };
  }
  return null;
}

/**
 * The digits the next folder begins with: the time, or the next number where the folder counts. `0_init` is what the
 * tool's guide calls a baseline, after which it goes on by time.
 */
function nextNumber(existing: readonly Migration[], now: Date): string {
  const names = existing.map((migration) => migration.version);
  const numbers = names
    .flatMap((name) => /^\d+(?=_)/.exec(name)?.[0] ?? [])
    .filter((digits) => /[1-9]/.test(digits));
  if (numbers.length === 0) return utcStamp(now);
  const next = nextVersion(numbers, now, numbers[0]!.length);
  const last = numbers.reduce((latest, digits) =>
    compareNames(`${latest}_`, `${digits}_`) < 0 ? digits : latest,
  );
  // Folders run in the order of their names: 10_ would come before 9_, and 90_ comes after it.
  return compareNames(`${next}_`, `${last}_`) < 0 ? `${last}0` : next;
}
