import path from 'node:path';
import type { Files } from '../ports/files';
import type { HistoryTable } from './layout';
import { settingsFiles } from './tool-settings';

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
    const code = withoutComments(text);
    if (path.resolve(path.dirname(file), stringOf(code, 'out') ?? usualFolder) !== path.resolve(folder))
      continue;
    const inner = /["']?\bmigrations["']?\s*:\s*\{([^{}]*)\}/.exec(code)?.[1];
    const [schema, name] = [stringOf(inner ?? '', 'schema'), stringOf(inner ?? '', 'table')];
    if (schema === null && name === null) return null;
    return { schema: schema ?? usualTable.schema, name: name ?? usualTable.name };
  }
  return null;
}

function stringOf(code: string, key: string): string | null {
  const value = new RegExp(`(?<![\\w$.])["']?${key}["']?\\s*:\\s*(["'\`])([^"'\`$\\\\\\n]+)\\1`).exec(code);
  return value?.[2] ?? null;
}

/** Comments go, strings stay: an address has two slashes in it. */
function withoutComments(text: string): string {
  return text.replace(
    /("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)|\/\/[^\n]*|\/\*[^]*?\*\//g,
    (_match, string: string | undefined) => string ?? ' ',
  );
}
