import type { ColumnSummary, TableSummary } from '../../journey/tables';
import { parseQualifiedName } from '../../sql/identifier';
import type { Services } from '../services';

/** What the connected database has, for the pickers. */
export interface KnownTables {
  tables: TableSummary[];
  columns(table: string): Promise<ColumnSummary[]>;
}

/** The tables of the connected database; null without one, or where it has none yet. */
export async function readKnownTables(services: Services): Promise<KnownTables | null> {
  if (!services.database.current) return null;
  const { listColumns, listTables } = await import('../../journey/tables');
  const tables = await services.database.exclusive(({ session }) => listTables(session));
  if (tables.length === 0) return null;
  return {
    tables,
    columns: (table) =>
      services.database.exclusive(({ session }) => listColumns(session, parseQualifiedName(table))),
  };
}
