import type { Files } from '../ports/files';
import type { HistoryTable } from './layout';
import { settingsFiles } from './tool-settings';

export const usualTable: HistoryTable = { schema: null, name: 'databasechangelog' };

/** The tool locks by a row of another table in the same schema. */
export function lockTable({ schema }: HistoryTable): HistoryTable {
  return { schema, name: 'databasechangeloglock' };
}

/**
 * What `databaseChangelogTableName` and `liquibaseSchemaName` say in liquibase.properties, in any of their spellings; the
 * table lies in the default schema where only that is said. https://docs.liquibase.com/parameters/home.html
 */
export async function liquibaseHistoryTable(folder: string, files: Files): Promise<HistoryTable | null> {
  const [file] = await settingsFiles(folder, ['liquibase.properties'], files);
  if (!file) return null;
  const values = propertiesOf(file.text);
  const name = values.get('databasechangelogtablename');
  const schema = values.get('liquibaseschemaname') ?? values.get('defaultschemaname');
  if (name === undefined && schema === undefined) return null;
  return {
    schema: schema === undefined ? null : asStored(schema),
    name: name === undefined ? usualTable.name : asStored(name),
  };
}

/** By their names without dashes, prefixes and capitals; what is filled in from elsewhere is left out. */
function propertiesOf(text: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const match of text.matchAll(/^[ \t]*([\w.-]+)[ \t]*[=:](.*)/gm)) {
    const value = match[2]!.trim();
    if (value === '' || value.includes('${')) continue;
    values.set(match[1]!.split('.').at(-1)!.replaceAll('-', '').toLowerCase(), value);
  }
  return values;
}

/** The tool quotes a name of small and capital letters, and leaves the others to the server. */
function asStored(name: string): string {
  return /[a-z]/.test(name) && /[A-Z]/.test(name) ? name : name.toLowerCase();
}
