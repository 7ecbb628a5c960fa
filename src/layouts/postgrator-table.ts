import type { Files } from '../ports/files';
import { tableOfParts } from './history-table';
import type { HistoryTable } from './layout';
import { jsonObject, settingsFiles } from './tool-settings';

/** The default of schemaTable, found on the search path as the tool finds it. */
export const usualTable: HistoryTable = { schema: null, name: 'schemaversion' };

/**
 * What `schemaTable` and `currentSchema` say in the files of postgrator-cli, or under `postgrator` in package.json. The
 * tool cuts the table at its dot, and sets the search path to the current schema.
 */
export async function postgratorHistoryTable(folder: string, files: Files): Promise<HistoryTable | null> {
  const names = ['.postgratorrc.json', '.postgratorrc', 'package.json'];
  for (const { path: file, text } of await settingsFiles(folder, names, files)) {
    const json = jsonObject(text);
    const settings = (file.endsWith('package.json') ? json?.postgrator : json) as Settings | null | undefined;
    if (!settings) continue;
    return tableOf(settings);
  }
  return null;
}

interface Settings {
  schemaTable?: unknown;
  currentSchema?: unknown;
}

function tableOf({ schemaTable, currentSchema }: Settings): HistoryTable | null {
  const current = typeof currentSchema === 'string' && currentSchema !== '' ? currentSchema : null;
  const table = typeof schemaTable === 'string' ? tableOfParts(schemaTable) : null;
  if (table === null && current === null) return null;
  const named = table ?? usualTable;
  return {
    schema: named.schema ?? current,
    name: named.name,
    ...(current === null ? {} : { searchPath: [current] }),
  };
}
