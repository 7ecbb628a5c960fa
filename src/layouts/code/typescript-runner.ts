import path from 'node:path';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import type { Files } from '../../ports/files';
import { jsonObject } from '../tool-settings';
import { nearestFile } from './node-command';

/** What a project has to run TypeScript with; null where it has nothing. */
export async function typescriptRunner(folder: string, files: Files): Promise<'ts-node' | 'tsx' | null> {
  for (const runner of ['ts-node', 'tsx'] as const)
    if (await nearestFile(folder, [`node_modules/${runner}/package.json`], files)) return runner;
  return null;
}

/** Why a tool cannot be called whose configuration is TypeScript: nothing is there to run that with. */
export function withoutRunner(tool: string, file: string, folder: string): SwitchbackError {
  return new SwitchbackError(
    'not-found',
    t(
      '{0} cannot be called: {1} is TypeScript, and neither ts-node nor tsx is installed in {2}. Install one of them, or name the command under "toolCommands" in .switchback/config.json.',
      tool,
      path.basename(file),
      folder,
    ),
  );
}

/** Whether a program is TypeScript by its ending. */
export function isTypeScript(file: string): boolean {
  return /\.[cm]?ts$/i.test(file);
}

/** The folder of the nearest package.json, where its commands are run; the folder itself where there is none. */
export async function projectOf(folder: string, files: Files): Promise<string> {
  const manifest = await nearestFile(folder, ['package.json'], files);
  return manifest === null ? folder : path.dirname(manifest);
}

/** Whether files of a folder are modules by the "type" of the nearest package.json. */
export async function isModuleFolder(folder: string, files: Files): Promise<boolean> {
  const manifest = await nearestFile(folder, ['package.json'], files);
  const text = manifest === null ? null : await files.readIfExists(manifest).catch(() => null);
  return text !== null && jsonObject(text)?.type === 'module';
}

/** A path as an argument of a command that is run in a folder: relative, with `/`. */
export function argumentPath(folder: string, file: string): string {
  const relative = path.relative(folder, file).split(path.sep).join('/');
  return relative.startsWith('.') ? relative : `./${relative}`;
}
