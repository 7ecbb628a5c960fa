import type { Files } from '../ports/files';
import type { HistoryTable } from './layout';
import { codeText, settingsFiles, stringsIn } from './tool-settings';

/** The default of `migrations.tableName`. */
export const usualTable: HistoryTable = { schema: null, name: 'knex_migrations' };

const configurations = ['js', 'cjs', 'mjs', 'ts', 'cts', 'mts'].map((ending) => `knexfile.${ending}`);

/** Knex locks by a table beside its own, which is named after it. */
export function lockTable({ schema, name }: HistoryTable): HistoryTable {
  return { schema, name: `${name}_lock` };
}

/**
 * What `tableName` and `schemaName` say in the nearest knexfile, which is read as text; the usual one where
 * environments say different ones, or none is a plain string. https://knexjs.org/guide/migrations.html#migration-api
 */
export async function knexHistoryTable(folder: string, files: Files): Promise<HistoryTable | null> {
  const [file] = await settingsFiles(folder, configurations, files);
  if (!file) return null;
  const code = codeText(file.text);
  const [names, schemas] = [stringsIn(code, 'tableName'), stringsIn(code, 'schemaName')];
  if (names.length > 1 || schemas.length > 1 || names.length + schemas.length === 0) return null;
  return { schema: schemas[0] ?? null, name: names[0] ?? usualTable.name };
}
