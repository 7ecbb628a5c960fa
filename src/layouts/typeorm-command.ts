import path from 'node:path';
import type { Files } from '../ports/files';
import { nearestFile, nodeCommand, requireNearest } from './code/node-command';
import {
  argumentPath,
  isModuleFolder,
  isTypeScript,
  typescriptRunner,
  withoutRunner,
} from './code/typescript-runner';
import { fileNames } from './file-names';
import type { Direction, Migration } from './layout';
import type { ToolCommand } from './layout-tool';
import { programStem } from './code/script-migrations';
import { refusesTransaction, saysTransaction } from './typeorm-class';
import { dataSources, transactionMode, type DataSource } from './typeorm-data-source';

/**
 * `migration:run` or `migration:revert`. Both wrap what they run in one transaction by default: the first refuses
 * classes with a `transaction` of their own unless each has one, the second does not look at it (MigrationExecutor).
 */
export async function migrateCommand(
  migration: Migration,
  direction: Direction,
  files: Files,
): Promise<ToolCommand> {
  const source = await requireDataSource(migration.folder, files);
  const mode = await neededMode(migration, direction, source, files);
  const verb = direction === 'up' ? 'migration:run' : 'migration:revert';
  return typeormCommand(source, files, verb, ...(mode === null ? [] : ['--transaction', mode]));
}

/** `migration:generate`, which compares the entities with the database. `className` is without its timestamp. */
export async function generateCommand(folder: string, className: string, files: Files): Promise<ToolCommand> {
  const source = await requireDataSource(folder, files);
  const programs = fileNames(await files.list(folder)).filter((name) => programStem(name) !== null);
  const isJavaScript = /js$/i.test(programs.at(-1) ?? source.path);
  return typeormCommand(
    source,
    files,
    'migration:generate',
    argumentPath(source.folder, path.join(folder, className)),
    ...(isJavaScript ? ['--outputJs'] : []),
    ...(isJavaScript && (await isModuleFolder(folder, files)) ? ['--esm'] : []),
  );
}

/** The mode to ask for where the data source's own would fail; null where it would not. */
async function neededMode(
  migration: Migration,
  direction: Direction,
  source: DataSource,
  files: Files,
): Promise<'each' | 'none' | null> {
  if (direction === 'down')
    return refusesTransaction((await files.readIfExists(migration.upPath)) ?? '') ? 'none' : null;
  if (transactionMode(source) !== 'all') return null;
  for (const name of fileNames(await files.list(migration.folder))) {
    if (programStem(name) === null) continue;
    if (saysTransaction((await files.readIfExists(path.join(migration.folder, name))) ?? '')) return 'each';
  }
  return null;
}

/** Throws `not-found` where there is none, or none that can be run. */
async function requireDataSource(folder: string, files: Files): Promise<DataSource> {
  const found = await dataSources(folder, files);
  for (const source of found) {
    const isReady = !isTypeScript(source.path) || (await typescriptRunner(source.folder, files)) !== null;
    if (isReady) return source;
  }
  if (found.length === 0) await requireNearest(folder, ['data-source.ts'], 'TypeORM', files);
  throw withoutRunner('TypeORM', found[0]!.path, found[0]!.folder);
}

async function typeormCommand(source: DataSource, files: Files, ...args: string[]): Promise<ToolCommand> {
  const { folder } = source;
  const all = [...args, '--dataSource', argumentPath(folder, source.path)];
  if (!isTypeScript(source.path)) return nodeCommand(folder, 'typeorm', ...all);
  if ((await typescriptRunner(folder, files)) === 'ts-node') {
    const isModule = /\.mts$/i.test(source.path) || (await isModuleFolder(path.dirname(source.path), files));
    return nodeCommand(folder, `typeorm-ts-node-${isModule ? 'esm' : 'commonjs'}`, ...all);
  }
  const program = await nearestFile(folder, ['node_modules/typeorm/cli.js'], files);
  return nodeCommand(folder, 'tsx', program ?? 'node_modules/typeorm/cli.js', ...all);
}
