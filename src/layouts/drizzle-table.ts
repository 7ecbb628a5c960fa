import path from 'node:path';
import type { Files } from '../ports/files';
import type { HistoryTable } from './layout';
import { codeText, settingsFiles, stringsIn } from './tool-settings';

/** The tool's default schema and table. */
export const usualTable: HistoryTable = { schema: 'drizzle', name: '__drizzle_migrations' };

const configurations = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs', 'json'].map(
  (ending) => `drizzle.config.${ending}`,
);
/** Where `out` is not said. */
const usualFolder = 'drizzle';

/**
 * What `migrations: { table, schema }` says in the drizzle.config that has this folder for its `out`. The file is read
 * as text: a value that is not a plain string in it is not known. https://orm.drizzle.team/docs/drizzle-config-file
 */
export async function drizzleHistoryTable(folder: string, files: Files): Promise<HistoryTable | null> {
  for (const { path: file, text } of await settingsFiles(folder, configurations, files)) {
    const code = codeText(text);
    if (path.resolve(path.dirname(file), stringsIn(code, 'out')[0] ?? usualFolder) !== path.resolve(folder))
      continue;
    const inner = /["']?\bmigrations["']?\s*:\s*\{([^{}]*)\}/.exec(code)?.[1];
    const [schema] = stringsIn(inner ?? '', 'schema');
    const [name] = stringsIn(inner ?? '', 'table');
    if (schema === undefined && name === undefined) return null;
    return { schema: schema ?? usualTable.schema, name: name ?? usualTable.name };
  }
  return null;
}
