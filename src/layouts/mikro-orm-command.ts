import path from 'node:path';
import type { Files } from '../ports/files';
import { nearestFile, nodeCommand, requireNearest } from './code/node-command';
import {
  argumentPath,
  isModuleFolder,
  isTypeScript,
  projectOf,
  typescriptRunner,
  withoutRunner,
} from './code/typescript-runner';
import type { ToolCommand } from './layout-tool';
import { jsonObject, settingsFiles } from './tool-settings';

/** Where the command line looks in a project (ConfigurationLoader.getConfigPaths). */
const configurations = [
  'src/mikro-orm.config.ts',
  'mikro-orm.config.ts',
  'dist/mikro-orm.config.js',
  'build/mikro-orm.config.js',
  'src/mikro-orm.config.js',
  'mikro-orm.config.js',
];

/** A command of `mikro-orm` with the configuration nearest to a folder. Throws `not-found` where none can be used. */
export async function mikroOrmCommand(folder: string, files: Files, ...args: string[]): Promise<ToolCommand> {
  const runner = await typescriptRunner(folder, files);
  const configuration = await mikroOrmConfiguration(folder, files, runner !== null);
  if (configuration === null) {
    const file = await requireNearest(folder, configurations, 'MikroORM', files);
    throw withoutRunner('MikroORM', file, await projectOf(folder, files));
  }
  const project = await projectOf(path.dirname(configuration), files);
  const isModule = await isModuleFolder(project, files);
  const all = [...args, '--config', argumentPath(project, configuration)];
  // Its program for modules loads ts-node, whether it is needed or not.
  if (runner !== 'tsx' || !isTypeScript(configuration)) {
    const needsLoader = isModule && isTypeScript(configuration);
    return nodeCommand(project, needsLoader ? 'mikro-orm-esm' : 'mikro-orm', ...all);
  }
  const program = await nearestFile(project, ['node_modules/@mikro-orm/cli/cli.js'], files);
  return nodeCommand(project, 'tsx', program ?? 'node_modules/@mikro-orm/cli/cli.js', ...all);
}

/**
 * The configuration for a folder of migrations: what "mikro-orm" in package.json names, or the nearest of the usual
 * names; null where there is none that may be used.
 */
export async function mikroOrmConfiguration(
  folder: string,
  files: Files,
  withTypeScript = true,
): Promise<string | null> {
  const isUsable = (file: string): boolean => withTypeScript || !isTypeScript(file);
  for (const manifest of await settingsFiles(folder, ['package.json'], files)) {
    const settings = jsonObject(manifest.text)?.['mikro-orm'] as { configPaths?: unknown } | undefined;
    for (const named of [settings?.configPaths].flat()) {
      if (typeof named !== 'string') continue;
      const file = path.resolve(path.dirname(manifest.path), named);
      if (isUsable(file) && (await files.exists(file))) return file;
    }
  }
  return nearestFile(folder, configurations.filter(isUsable), files);
}
