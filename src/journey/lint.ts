import path from 'node:path';
import type { MigrationScript } from '../layouts/layout';
import { isProgramFile, isSqlFile, migrationGlob } from '../layouts/migration-files';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { Files } from '../ports/files';
import { catalogRates, folderCatalog, looseCatalog, startCatalog } from './lint-catalog';
import { oneForEachFile } from './both-directions';
import { lintFolder } from './lint-folder';
import { memoryKey, newLintMemory, rememberedFiles, type LintMemory } from './lint-memory';
import { foldersOf, startRun, type LintOptions } from './start-lint';
import { emptyFile, lintLooseFile, lintScriptFile, type LintRun } from './lint-script';
import { foldersOutside } from './migrations';
import type { LintedFile, LintResult } from './outcomes';
import { withText } from './with-text';
import type { JourneyContext } from './workspace';

/**
 * Forecasts and findings of migration files and other SQL files. A folder stands for the SQL files below it.
 * Migrations are judged with those before them in their folder. Throws `not-found` for a path that is not there.
 */
export async function lintFiles(
  context: JourneyContext,
  paths: readonly string[],
  options: LintOptions = {},
): Promise<LintResult> {
  const memory = options.memory ?? newLintMemory();
  const files = searchedOnce(rememberedFiles(context.files, memory));
  const kept = { isKept: options.memory !== undefined, typed: null };
  return lintWith({ ...context, files }, paths, { ...options, memory }, kept);
}

/** The same for one file as it stands in the editor. */
export async function lintText(
  context: JourneyContext,
  file: string,
  text: string,
  options: LintOptions = {},
): Promise<LintedFile> {
  const memory = options.memory ?? newLintMemory();
  const files = withText(rememberedFiles(context.files, memory), file, text);
  const result = await lintWith(
    { ...context, files },
    [file],
    { ...options, memory },
    { isKept: options.memory !== undefined, typed: file },
  );
  return result.files.find((item) => item.path === file) ?? emptyFile(file);
}

/**
 * The same of a script that is no file: its places are its own. `path` is what it belongs to, whose severities count. Each
 * statement is one of its own where the script does not say otherwise.
 */
export async function lintScriptText(
  context: JourneyContext,
  script: MigrationScript,
  options: Omit<LintOptions, 'memory'> = {},
): Promise<LintedFile> {
  const { database = null } = options;
  const run = await startRun(
    context,
    { ...options, memory: newLintMemory() },
    { isKept: false, typed: null },
  );
  startCatalog(run, database);
  run.rates = await catalogRates(run, database);
  const there = await looseCatalog(run, database);
  const read = { ...script, script, fileText: null, problem: null, hash: script.contentHash };
  return lintScriptFile(run, read, {
    schema: () => Promise.resolve({ known: there?.schema ?? null, ours: false }),
    key: null,
    target: undefined,
    ofFile: [],
  });
}

async function lintWith(
  context: JourneyContext,
  paths: readonly string[],
  options: LintOptions & { memory: LintMemory },
  kept: Pick<LintRun, 'isKept' | 'typed'>,
): Promise<LintResult> {
  const { memory, database = null } = options;
  // The parser is compiled while the folders are looked through.
  const [found, run] = await Promise.all([expandPaths(context, paths), startRun(context, options, kept)]);
  const wanted = new Set(found);
  startCatalog(run, database);
  run.rates = await catalogRates(run, database);
  const linted: LintedFile[] = [];
  const outside = await foldersOutside(context, [...new Set(paths.map(folderOf))]);
  for (const folder of [...(await foldersOf(context, memory)), ...outside]) {
    const isWanted = folder.migrations.some(
      ({ upPath, downPath }) => wanted.has(upPath) || wanted.has(downPath ?? ''),
    );
    if (!isWanted) continue;
    const catalog = database && (await folderCatalog(run, folder, database));
    linted.push(...(await lintFolder(run, folder, wanted, catalog)));
  }
  const done = new Set(linted.map((file) => file.path));
  const left = [...wanted].filter((file) => !done.has(file));
  assertMigrations(context, left, paths);
  const loose = left.filter(isSqlFile);
  const there = loose.length > 0 ? await looseCatalog(run, database) : null;
  linted.push(...(await Promise.all(loose.map((file) => lintLooseFile(run, file, there)))));
  return { files: oneForEachFile(linted).sort((a, b) => (a.path < b.path ? -1 : 1)) };
}

/** The folder to look for migrations in: of a way back, the one that its ways there are in. */
function folderOf(given: string): string {
  const folder = isSqlFile(given) || isProgramFile(given) ? path.dirname(given) : given;
  return /^(?:rollback|down)$/i.test(path.basename(folder)) ? path.dirname(folder) : folder;
}

/** Throws `not-found` for a program that was named and is no migration: it is not read as SQL. */
function assertMigrations(context: JourneyContext, left: readonly string[], named: readonly string[]): void {
  const other = left.find((file) => isProgramFile(file) && named.includes(file));
  if (other === undefined) return;
  throw new SwitchbackError(
    'not-found',
    t(
      '{0} is no migration that Switchback knows. Name a SQL file, a migration, or a folder.',
      path.relative(context.workspace.root, other),
    ),
  );
}

async function expandPaths(context: JourneyContext, paths: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const item of paths) {
    if ((isSqlFile(item) || isProgramFile(item)) && (await context.files.exists(item))) {
      found.push(item);
      continue;
    }
    const below = await context.files.find(item, migrationGlob, context.signal);
    if (below.length === 0) {
      throw new SwitchbackError(
        'not-found',
        (await context.files.exists(item))
          ? t(
              'There are no SQL files in {0}. Name files that end in .sql, or a folder that holds some.',
              item,
            )
          : t('{0} does not exist. Name a SQL file or a folder.', item),
      );
    }
    found.push(...below);
  }
  return found;
}

/** Looks through a folder once: the paths of a run and its migration folders are often found in the same one. */
function searchedOnce(files: Files): Files {
  const found = new Map<string, Promise<string[]>>();
  return {
    ...files,
    find: (folder, glob, signal) => {
      const key = memoryKey(path.resolve(folder), glob);
      const known = found.get(key) ?? files.find(folder, glob, signal);
      found.set(key, known);
      return known;
    },
  };
}
