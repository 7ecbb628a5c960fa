import type { Files } from '../ports/files';
import type { HistoryTable } from './layout';
import { jsonObject, settingsFiles } from './tool-settings';

/** The default of --migration-table. */
export const usualTable: HistoryTable = { schema: null, name: 'migrations' };

/**
 * What `table` says in `.db-migraterc`, and `schema` in database.json: its driver puts that schema at the front of the
 * search path. A schema is known where all environments that say one say the same.
 */
export async function dbMigrateHistoryTable(folder: string, files: Files): Promise<HistoryTable | null> {
  const [rc] = await settingsFiles(folder, ['.db-migraterc'], files);
  const told = rc ? jsonObject(rc.text)?.table : undefined;
  const name = typeof told === 'string' && told !== '' ? told : null;
  const schema = await schemaOf(folder, files);
  if (name === null && schema === null) return null;
  return {
    schema,
    name: name ?? usualTable.name,
    ...(schema === null ? {} : { searchPath: [schema, '$user', 'public'] }),
  };
}

async function schemaOf(folder: string, files: Files): Promise<string | null> {
  const [file] = await settingsFiles(folder, ['database.json', 'config/database.json'], files);
  const environments = Object.values((file && jsonObject(file.text)) ?? {});
  const schemas = environments.map((environment) => (environment as { schema?: unknown } | null)?.schema);
  const [schema, ...others] = new Set(schemas.filter((each) => typeof each === 'string' && each !== ''));
  return typeof schema === 'string' && others.length === 0 ? schema : null;
}
