import path from 'node:path';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { Files } from '../ports/files';
import { quoteLiteral } from '../sql/identifier';
import { filesNamedLike } from './evidence-text';
import {
  committedText,
  readCommitted,
  recordableHash,
  runsWithoutTransaction,
} from './graphile-migrate-file';
import { readGraphileHistory } from './graphile-migrate-history';
import type { Layout, LayoutExecution, Migration } from './layout';
import type { ComposedFile, SealedFiles } from './new-migration';
import { addTwins } from './migration-problems';
import { migrationScript, partOfFile, readDirection } from './migration-script';
import { compareTexts } from './versions';

const table = 'graphile_migrate.migrations';
const committed = 'committed';
/** Beside `committed`: the tool reads that folder, `current` and `current.sql`, and nothing else. */
const down = 'down';
const filePattern = /^([0-9]+)(?:-([-_a-zA-Z0-9]*))?\.sql$/;
const configurations = ['.gmrc', '.gmrc.js', '.gmrc.cjs'];
const noTransaction = '--! no-transaction';
/** The tool's own advisory lock: https://github.com/graphile/migrate/blob/main/src/pgReal.ts */
const lockKey = '4727445306447283';
const longestMessage = 512;

/**
 * https://github.com/graphile/migrate: `committed/000001-name.sql`, each with the hash of the one before it and its
 * own, forward only. The work in `current.sql` is no migration before `graphile-migrate commit` has numbered it.
 * New migrations are written as committed ones: `current.sql` holds one at a time, and may be in use.
 * The tool refuses a file with CRLF or a byte order mark, whose headers it does not see; a mark is lost in reading here.
 */
export const graphileMigrate: Layout = {
  id: 'graphile-migrate',
  title: 'graphile-migrate',

  folderOf(file) {
    const name = path.basename(file);
    const folder = path.dirname(file);
    if (name === 'current.sql') return folder;
    const inFolder = [committed, down, 'current'].includes(path.basename(folder)) && filePattern.test(name);
    return inFolder ? path.dirname(folder) : null;
  },

  compare: compareTexts,

  recordedHash: (up) => up.checksum ?? null,

  async detect(folder, files) {
    const migrations = await this.list(folder, files);
    const first = migrations[0];
    const configuration = await configurationOf(folder, files);
    if (!first && !(configuration && (await hasCurrent(folder, files)))) return null;
    const evidence = first
      ? [filesNamedLike(migrations.length, `${committed}/${path.basename(first.upPath)}`)]
      : [t('the current migration is not committed yet')];
    if (configuration) return { confidence: 0.95, evidence: [...evidence, configuration] };
    const text = await files.readIfExists(first!.upPath).catch(() => null);
    const headers = text === null ? null : readCommitted(text).headers;
    if (!headers?.has('Previous') || !headers.has('Hash')) return null;
    return {
      confidence: 0.95,
      evidence: [...evidence, t('{0} says {1}', path.basename(first!.upPath), '--! Previous, --! Hash')],
    };
  },

  async list(folder, files) {
    const ups = await namesIn(path.join(folder, committed), files);
    if (ups.length === 0) return [];
    return migrationsOf(folder, ups, await namesIn(path.join(folder, down), files));
  },

  async script(migration, direction, files) {
    const read = await readDirection(migration, direction, files);
    if (!read) return null;
    const { file, text } = read;
    const { start, end } = direction === 'up' ? readCommitted(text) : { start: 0, end: text.length };
    const part = partOfFile(text, start, end);
    // Without a transaction the tool sends the text as one simple query all the same.
    const transaction = runsWithoutTransaction(part.sql) ? 'implicit' : 'wrapped';
    const script = migrationScript({ path: file, direction, ...part, transaction });
    return direction === 'up' ? Object.assign(script, { checksum: recordableHash(text) }) : script;
  },

  history: (_directory, session, other) => readGraphileHistory(session, other),

  // A row's hash is that of a whole file after another, which psql cannot work out.
  historyQuery: null,

  outsideTransaction: { by: 'header', marker: noTransaction, alone: true },

  compose(request, existing) {
    const last = existing.reduce((highest, { version }) => Math.max(highest, Number(version)), 0);
    const version = String(last + 1).padStart(6, '0');
    const message = messageOf(request.name);
    const slug = slugOf(message);
    const name = `${version}${slug ? `-${slug}` : ''}.sql`;
    const body = (sql: string): string => (request.transactional ? sql : `${noTransaction}\n${sql}`);
    const up: ComposedFile = {
      path: path.join(request.folder, committed, name),
      text: committedText(body(request.up), null, message),
      direction: 'up',
      version,
    };
    if (request.down === null) return [up];
    const back = path.join(request.folder, down, name);
    return [up, { path: back, text: body(request.down), direction: 'down', version }];
  },

  sealsTexts: true,

  async seal(files, disk) {
    const sealed: ComposedFile[] = [];
    for (const file of files) sealed.push(file.direction === 'up' ? await chained(file, disk) : file);
    return { files: sealed, beside: [] } satisfies SealedFiles;
  },

  execution(migration, direction, context): LayoutExecution {
    const fileName = `${migration.version}.sql`;
    const remove = { sql: `delete from ${table} where filename = $1::text`, parameters: [fileName] };
    const insert = { sql: insertRow, parameters: [context.recordedHash, fileName] };
    const refused = direction === 'up' && context.recordedHash === null;
    return {
      lock: {
        take: `select pg_advisory_lock('${lockKey}'::bigint)`,
        release: `select pg_advisory_unlock('${lockKey}'::bigint)`,
      },
      prepare: [...ownSchema],
      // The tool does not run such a file, and there is no hash that it would record.
      before: refused ? [{ sql: refusal(fileName), parameters: [] }] : [],
      sameTransaction: true,
      record: () => [direction === 'up' ? insert : remove],
    };
  },
};

/** As `_migrateMigrationSchema` of the tool has it (dist/migration.js). */
const ownSchema = [
  'create schema if not exists graphile_migrate',
  `create table if not exists ${table} (
  hash text primary key,
  previous_hash text references ${table},
  filename text not null,
  date timestamptz not null default now()
)`,
  `create table if not exists graphile_migrate.current (
  filename text primary key default 'current.sql',
  content text not null,
  date timestamptz not null default now()
)`,
];

/** The tool writes the hash of the file before, which is the last one it has run. */
const insertRow = `insert into ${table} (hash, previous_hash, filename) values ($1::text,
  (select hash from ${table} where filename < $2::text order by filename desc limit 1), $2::text)`;

function refusal(fileName: string): string {
  const sentence = t(
    'graphile-migrate refuses {0}: its text is not the one its header has the hash of. Commit it again, or restore the text.',
    fileName,
  );
  return `do ${quoteLiteral(`begin raise exception using message = ${quoteLiteral(sentence)}; end`)}`;
}

/** The same file behind the one that precedes it in its folder. */
async function chained(file: ComposedFile, files: Files): Promise<ComposedFile> {
  const folder = path.dirname(path.dirname(file.path));
  const before = migrationsOf(folder, await namesIn(path.dirname(file.path), files), []).filter(
    ({ version }) => version < file.version,
  );
  const previous = before.at(-1);
  const hash = previous ? await hashIn(previous.upPath, files) : null;
  const { headers, start, end } = readCommitted(file.text);
  return { ...file, text: committedText(file.text.slice(start, end), hash, headers.get('Message') ?? null) };
}

async function hashIn(file: string, files: Files): Promise<string> {
  const hash = readCommitted(await files.read(file)).headers.get('Hash');
  if (hash) return hash;
  throw new SwitchbackError(
    'invalid-file',
    t(
      '{0} has no line "--! Hash", which the next migration has to name. Commit it with graphile-migrate.',
      file,
    ),
  );
}

async function namesIn(folder: string, files: Files): Promise<string[]> {
  const entries = await files.list(folder);
  return entries
    .filter((entry) => entry.kind === 'file' && filePattern.test(entry.name))
    .map((entry) => entry.name);
}

function migrationsOf(folder: string, ups: readonly string[], downs: readonly string[]): Migration[] {
  const byVersion = new Map<string, Migration>();
  const backs = new Set(downs);
  for (const fileName of ups) {
    const [, version, slug] = filePattern.exec(fileName)!;
    const twin = byVersion.get(version!);
    if (twin) {
      const sentence = t(
        '{0} has the same number as {1}, which breaks the chain of hashes. Uncommit one of them and commit it again.',
        fileName,
        path.basename(twin.upPath),
      );
      addTwins(twin, [{ path: path.join(folder, committed, fileName), sentence }]);
      continue;
    }
    byVersion.set(version!, {
      version: version!,
      name: slug ?? '',
      folder,
      layout: 'graphile-migrate',
      upPath: path.join(folder, committed, fileName),
      downPath: backs.has(fileName) ? path.join(folder, down, fileName) : null,
    });
  }
  return [...byVersion.values()].sort((a, b) => graphileMigrate.compare(a.version, b.version));
}

/** `.gmrc` lies in the project's folder, of which the migrations are a subfolder. */
async function configurationOf(folder: string, files: Files): Promise<string | null> {
  for (const outer of [path.dirname(folder), path.dirname(path.dirname(folder))]) {
    for (const name of configurations) {
      if (await files.exists(path.join(outer, name))) return path.relative(folder, path.join(outer, name));
    }
  }
  return null;
}

async function hasCurrent(folder: string, files: Files): Promise<boolean> {
  return (await files.exists(path.join(folder, 'current.sql'))) || files.exists(path.join(folder, 'current'));
}

/** The tool takes no control characters and no more than 512 characters. */
function messageOf(name: string): string {
  const words = name.replace(/[\p{Cc}\s]+/gu, ' ').trim();
  return words.slice(0, longestMessage);
}

/** As the tool makes a file name of a message (dist/sluggify.js). */
function slugOf(message: string): string {
  return message
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
}
