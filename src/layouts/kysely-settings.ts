import path from 'node:path';
import type { Files } from '../ports/files';
import { placesAbove, requireNearest } from './code/node-command';
import type { HistoryTable } from './layout';

export const usualTable: HistoryTable = { schema: null, name: 'kysely_migration' };

const endings = ['ts', 'js', 'mts', 'mjs', 'cts', 'cjs'];
/** Where kysely-ctl looks for its configuration: in the project, or in its folder `.config`. */
const configurations = ['', '.config/'].flatMap((place) =>
  endings.map((ending) => `${place}kysely.config.${ending}`),
);

/** The table that Kysely makes for a lock beside its history; on PostgreSQL it locks by another means. */
export function lockTable(table: HistoryTable | null | undefined): HistoryTable {
  return { schema: table?.schema ?? usualTable.schema, name: 'kysely_migration_lock' };
}

/**
 * The folder that kysely-ctl is called in. Throws `not-found` where it has no configuration: a migrator of the project's
 * own can be named in ours.
 */
export async function kyselyProject(folder: string, files: Files): Promise<string> {
  const found = path.dirname(await requireNearest(folder, configurations, 'Kysely', files));
  return path.basename(found) === '.config' ? path.dirname(found) : found;
}

/** The table that the configuration names by `migrationTableName` and `migrationTableSchema`. */
export async function kyselyHistoryTable(folder: string, files: Files): Promise<HistoryTable | null> {
  const text = await configurationText(folder, files);
  const value = (key: string): string | null =>
    new RegExp(`\\b${key}['"]?\\s*:\\s*(['"\`])([^'"\`$\\r\\n]+)\\1`).exec(text)?.[2] ?? null;
  const name = value('migrationTableName');
  const schema = value('migrationTableSchema');
  return name === null && schema === null ? null : { schema, name: name ?? usualTable.name };
}

/** Whether migrations run in a transaction, which only the configuration can turn off, and for all of them. */
export async function runsInTransactions(folder: string, files: Files): Promise<boolean> {
  return !/\bdisableTransactions['"]?\s*:\s*true\b/.test(await configurationText(folder, files));
}

/** Asked for each script: it lies beside a package.json, so that not every folder above is searched for all names. */
async function configurationText(folder: string, files: Files): Promise<string> {
  for (const place of placesAbove(folder, files)) {
    if (!(await files.exists(path.join(place, 'package.json')).catch(() => false))) continue;
    for (const name of configurations) {
      const text = await files.readIfExists(path.join(place, name)).catch(() => null);
      if (text !== null) return text;
    }
  }
  return '';
}
