import path from 'node:path';
import { t } from '../messages/translate';
import type { Files } from '../ports/files';
import { filesNamedLike } from './evidence-text';
import type { Direction, Layout, Migration } from './layout';
import type { ComposedFile } from './new-migration';
import { addTwins } from './migration-problems';
import { migrationScript, readDirection } from './migration-script';
import { readSupabaseHistory, statementsHash, supabaseExecution } from './supabase-history';
import { runsInOneTransaction, supabaseStatements } from './supabase-statements';
import { compareTexts, fileWords, nextVersion } from './versions';
import { fileNames } from './file-names';

const filePattern = /^([0-9]+)_(.*)\.sql$/;
/** Where the CLI looks; it cannot be told otherwise. */
const usualFolder = 'supabase/migrations';
/** Ways back, which the CLI does not read. */
const downFolder = 'down';

/**
 * https://github.com/supabase/cli: `supabase/migrations/20240131120000_name.sql`, forward only. The way back is ours, of
 * the same name in `down/`.
 */
export const supabase: Layout = {
  id: 'supabase',
  title: 'Supabase',

  folderOf(file) {
    if (!filePattern.test(path.basename(file))) return null;
    const folder = path.dirname(file);
    const migrations = path.basename(folder) === downFolder ? path.dirname(folder) : folder;
    return isUsual(migrations) ? migrations : null;
  },

  /** The table's order: versions are text, `2024` comes before `20240101`. */
  compare: compareTexts,

  recordedHash: (up) => statementsHash(supabaseStatements(up.sql)),

  async detect(folder, files) {
    const migrations = isUsual(folder) ? await migrationsOf(folder, files) : [];
    if (migrations.length === 0) return null;
    const evidence = [
      t('The folder is called {0}', usualFolder),
      filesNamedLike(migrations.length, path.basename(migrations[0]!.upPath)),
    ];
    const configured = await files.exists(path.join(path.dirname(folder), 'config.toml'));
    if (configured) evidence.push(t('{0} lies {1}', 'supabase/config.toml', t('above the folder')));
    return { confidence: configured ? 0.95 : 0.85, evidence };
  },

  list: (folder, files) => migrationsOf(folder, files),

  async script(migration, direction, files) {
    const read = await readDirection(migration, direction, files);
    if (!read) return null;
    const { file, text: sql } = read;
    const transaction = runsInOneTransaction(sql) ? 'wrapped' : 'none';
    return migrationScript({ path: file, direction, sql, offset: 0, transaction });
  },

  history: (_directory, session, table) => readSupabaseHistory(session, table),

  // The row holds the statements, which scripts cannot cut.
  historyQuery: null,

  outsideTransaction: { by: 'single-statement' },

  compose(request, existing) {
    const stamps = existing.map(({ version }) => version).filter((version) => /^\d{14}$/.test(version));
    // An empty folder counts in time too.
    const version = nextVersion(['19700101000000', ...stamps], request.now, 14);
    const name = `${version}_${fileWords(request.name)}.sql`;
    const file = (direction: Direction, folder: string, text: string): ComposedFile => ({
      path: path.join(folder, name),
      text,
      direction,
      version,
    });
    const up = file('up', request.folder, request.up);
    if (request.down === null) return [up];
    return [up, file('down', path.join(request.folder, downFolder), request.down)];
  },

  execution: supabaseExecution,
};

function isUsual(folder: string): boolean {
  return folder.split(path.sep).slice(-2).join('/') === usualFolder;
}

/** In the order of versions as text; the CLI passes over a first `_init.sql` of its early days. */
async function migrationsOf(folder: string, files: Files): Promise<Migration[]> {
  const entries = await files.list(folder);
  const names = fileNames(entries);
  const hasDowns = entries.some((entry) => entry.kind === 'folder' && entry.name === downFolder);
  const downs = new Set(
    hasDowns ? (await files.list(path.join(folder, downFolder))).map((entry) => entry.name) : [],
  );
  const byVersion = new Map<string, Migration>();
  for (const [index, name] of names.entries()) {
    const match = filePattern.exec(name);
    if (!match || (index === 0 && isEarlyInit(name))) continue;
    const version = match[1]!;
    const first = byVersion.get(version);
    if (first) {
      const sentence = sameVersion(name, path.basename(first.upPath));
      addTwins(first, [{ path: path.join(folder, name), sentence }]);
      continue;
    }
    byVersion.set(version, {
      version,
      name: match[2]!,
      folder,
      layout: 'supabase',
      upPath: path.join(folder, name),
      downPath: downs.has(name) ? path.join(folder, downFolder, name) : null,
    });
  }
  return [...byVersion.values()].sort((a, b) => supabase.compare(a.version, b.version));
}

function isEarlyInit(name: string): boolean {
  const stamp = /([0-9]{14})_init\.sql/.exec(name)?.[1];
  return stamp !== undefined && stamp < '20211209000000';
}

function sameVersion(extra: string, first: string): string {
  return t('{0} has the same version as {1}, which Supabase refuses. Rename one of them.', extra, first);
}
