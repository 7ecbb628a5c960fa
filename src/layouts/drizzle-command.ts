import path from 'node:path';
import type { Files } from '../ports/files';
import { nodeCommand, requireNearest } from './code/node-command';
import type { ToolCommand } from './layout-tool';
import { fileWords } from './versions';

const configurations = ['ts', 'js', 'mjs', 'cjs', 'mts', 'cts', 'json'].map(
  (ending) => `drizzle.config.${ending}`,
);

/** `drizzle-kit generate`, which writes what the schema in code has more. Throws `not-found` without a configuration. */
export async function generateWithDrizzle(folder: string, name: string, files: Files): Promise<ToolCommand> {
  const configuration = await requireNearest(folder, configurations, 'Drizzle', files);
  const root = path.dirname(configuration);
  const file = path.basename(configuration);
  const told = file === configurations[0] ? [] : ['--config', file];
  return nodeCommand(root, 'drizzle-kit', 'generate', '--name', fileWords(name), ...told);
}
