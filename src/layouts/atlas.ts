import path from 'node:path';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { Files } from '../ports/files';
import { atlasExecution } from './atlas-execution';
import { archiveSections, hasChecks, runsWithoutTransaction } from './atlas-file';
import { readAtlasHistory } from './atlas-history';
import { atlasHistoryTable } from './atlas-table';
import { atlasSum, atlasSumFile, compareNames, readAtlasSum, type NamedText } from './atlas-sum';
import type { Direction, Layout, Migration } from './layout';
import type { ComposedFile } from './new-migration';
import { addTwins } from './migration-problems';
import { migrationScript, partOfFile, readDirection } from './migration-script';
import { fileWords, nextVersion } from './versions';

/** Beside the files: the tool reads no folder within its own. */
const down = 'down';
const noTransaction = '-- atlas:txmode none\n';
/** Files of the tools whose folders Atlas can read, with an atlas.sum of its own, in their own form. */
const otherNames = /\.(?:up|down)\.sql$|^[VURB][^/]*__[^/]*\.sql$/;
const otherMarks = /^[ \t]*--[ \t]*(?:\+goose\b|migrate:(?:up|down)\b|liquibase\b)/m;

/**
 * https://atlasgo.io/versioned/apply: `20240101120000_name.sql` and atlas.sum, which lists the checksum of each file
 * over all before it. `edited` compares what atlas.sum lists: an edit shows once `atlas migrate hash` has been run,
 * and before it Atlas refuses the folder. A checkpoint is listed as any other file.
 */
export const atlas: Layout = {
  id: 'atlas',
  title: 'Atlas',

  folderOf(file) {
    if (!file.endsWith('.sql')) return null;
    const folder = path.dirname(file);
    return path.basename(folder) === down ? path.dirname(folder) : folder;
  },

  compare: compareNames,

  recordedHash: (up) => up.checksum ?? null,

  async detect(folder, files) {
    const sum = await files.readIfExists(path.join(folder, atlasSumFile)).catch(() => null);
    const listed = sum === null ? null : readAtlasSum(sum);
    if (!listed) return null;
    const migrations = await this.list(folder, files);
    if (migrations.some(({ upPath }) => otherNames.test(path.basename(upPath)))) return null;
    const [first] = migrations;
    const text = first && (await files.readIfExists(first.upPath).catch(() => null));
    if (text && otherMarks.test(text)) return null;
    const counted =
      listed.size === 1
        ? t('{0} lists 1 file', atlasSumFile)
        : t('{0} lists {1} files', atlasSumFile, listed.size);
    return { confidence: 0.95, evidence: [counted] };
  },

  async list(folder, files) {
    const names = await sqlNames(folder, files);
    if (names.length === 0) return [];
    const sum = await files.readIfExists(path.join(folder, atlasSumFile)).catch(() => null);
    const backs = new Set(await sqlNames(path.join(folder, down), files));
    return migrationsOf(
      folder,
      names,
      backs,
      (sum !== null && readAtlasSum(sum)) || new Map<string, string>(),
    );
  },

  async script(migration, direction, files) {
    const read = await readDirection(migration, direction, files);
    if (!read) return null;
    const { file, text } = read;
    const own = file === migration.upPath;
    const sections = own ? archiveSections(text) : null;
    const part = own ? partOf(text, sections, direction) : { start: 0, end: text.length };
    if (!part) return null;
    const transaction = runsWithoutTransaction(text) ? 'none' : 'wrapped';
    const script = migrationScript({
      path: file,
      direction,
      ...partOfFile(text, part.start, part.end),
      transaction,
    });
    // What is asserted before the migration is run by Atlas alone.
    const checksum = sections && hasChecks(sections) ? null : (migration.checksum ?? null);
    return direction === 'up' ? Object.assign(script, { checksum }) : script;
  },

  historyTable: (folder, files) => atlasHistoryTable(folder, files),

  history: (_directory, session, table) => readAtlasHistory(session, table),

  // A row counts the statements of its file, which psql does not.
  historyQuery: null,

  // The directive is closed by an empty line.
  outsideTransaction: { by: 'header', marker: noTransaction },

  compose(request, existing) {
    const written = existing.map(({ version }) => version).filter((version) => /^\d+$/.test(version));
    const version = written.length > 0 ? nextVersion(written, request.now, 14) : stampOf(request.now);
    const name = `${version}_${fileWords(request.name)}.sql`;
    const body = (sql: string): string => (request.transactional ? sql : `${noTransaction}\n${sql}`);
    const up: ComposedFile = {
      path: path.join(request.folder, name),
      text: body(request.up),
      direction: 'up',
      version,
    };
    if (request.down === null) return [up];
    const back = path.join(request.folder, down, name);
    return [up, { path: back, text: body(request.down), direction: 'down', version }];
  },

  sealsTexts: true,

  async seal(composed, files) {
    const ups = composed.filter((file) => file.direction === 'up');
    const folder = path.dirname(ups[0]!.path);
    const fresh = ups.map((file) => ({ name: path.basename(file.path), text: file.text }));
    const there = await textsIn(folder, files);
    const others = there.filter(({ name }) => !fresh.some((file) => file.name === name));
    await assertListed(folder, [there, others], files);
    const text = atlasSum([...others, ...fresh]);
    return { files: [...composed], beside: [{ path: path.join(folder, atlasSumFile), text }] };
  },

  async reseal(folder, names, files) {
    const there = await textsIn(folder, files);
    await assertListed(folder, [there], files);
    const renamed = there.map(({ name, text }) => {
      const to = names.get(path.join(folder, name));
      return { name: to === undefined ? name : path.basename(to), text };
    });
    return [{ path: path.join(folder, atlasSumFile), text: atlasSum(renamed) }];
  },

  execution: atlasExecution,
};

/** What is sent of a migration's own file; null where it has nothing for that direction. */
function partOf(
  text: string,
  sections: ReturnType<typeof archiveSections>,
  direction: Direction,
): { start: number; end: number } | null {
  if (!sections) return direction === 'up' ? { start: 0, end: text.length } : null;
  return sections.get(direction === 'up' ? 'migration.sql' : 'down.sql') ?? null;
}

async function sqlNames(folder: string, files: Files): Promise<string[]> {
  const entries = await files.list(folder);
  const names = entries.filter((entry) => entry.kind === 'file' && entry.name.endsWith('.sql'));
  return names.map((entry) => entry.name).sort(compareNames);
}

async function textsIn(folder: string, files: Files): Promise<NamedText[]> {
  const texts: NamedText[] = [];
  for (const name of await sqlNames(folder, files)) {
    texts.push({ name, text: await files.read(path.join(folder, name)) });
  }
  return texts;
}

/** Throws `invalid-input` where atlas.sum is of none of these: new checksums would hide what was changed. */
async function assertListed(folder: string, possible: NamedText[][], files: Files): Promise<void> {
  const sum = (await files.readIfExists(path.join(folder, atlasSumFile)))?.replaceAll('\r\n', '\n') ?? null;
  const right = possible.map((texts) => (texts.length === 0 ? null : atlasSum(texts)));
  if (right.includes(sum) || (sum !== null && right.includes(null) && readAtlasSum(sum)?.size === 0)) return;
  throw new SwitchbackError(
    'invalid-input',
    t(
      '{0} does not list the files of {1} as they are. Look at what was changed, and run "atlas migrate hash".',
      atlasSumFile,
      folder,
    ),
  );
}

function migrationsOf(
  folder: string,
  names: readonly string[],
  backs: ReadonlySet<string>,
  sums: ReadonlyMap<string, string>,
): Migration[] {
  const byVersion = new Map<string, Migration>();
  for (const fileName of names) {
    const stem = fileName.slice(0, -'.sql'.length);
    const [version, ...words] = stem.split('_');
    const twin = byVersion.get(version!);
    if (twin) {
      const sentence = t(
        '{0} has the same version as {1}, by which Atlas knows it as applied. Give one of them a later version.',
        fileName,
        path.basename(twin.upPath),
      );
      addTwins(twin, [{ path: path.join(folder, fileName), sentence }]);
      continue;
    }
    const checksum = sums.get(fileName);
    const upPath = path.join(folder, fileName);
    byVersion.set(version!, {
      version: version!,
      name: words.join('_'),
      folder,
      layout: 'atlas',
      upPath,
      // An archive may have its way back within.
      downPath: backs.has(fileName) ? path.join(folder, down, fileName) : upPath,
      ...(checksum === undefined ? {} : { checksum }),
    });
  }
  return [...byVersion.values()];
}

function stampOf(now: Date): string {
  return now.toISOString().replace(/\D/g, '').slice(0, 14);
}
