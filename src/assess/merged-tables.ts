import type { ForeignKeyFacts, TableFacts } from '../catalog/table-facts';
import type { ChangeFindings } from './change-facts';
import type { Look } from './changes/change-type';
import type { MergeTables } from './changes/merge-tables';
import { lookAtLeavingTable } from './leaving-table';
import { guidingKey, lookAtMovedColumns } from './moved-columns';

/** The columns that tell a row of the table apart, and nothing else: they have no meaning in the other table. */
export function ownKey(table: TableFacts, { fromColumns }: ForeignKeyFacts): string[] {
  const { primaryKey } = table;
  if (primaryKey === null || primaryKey.some((column) => fromColumns.includes(column))) return [];
  return primaryKey;
}

/** The columns that go to the other table: all but those by which its row is found. */
export function mergedColumns(table: TableFacts, key: ForeignKeyFacts): string[] {
  const stays = new Set([...key.fromColumns, ...ownKey(table, key)]);
  return table.columns.map(({ name }) => name).filter((name) => !stays.has(name));
}

/** What stops a table from becoming part of another one that only the server knows. Reads only. */
export async function lookAtMergedTables(change: MergeTables, at: Look): Promise<ChangeFindings> {
  const key = guidingKey(at.table, change.to, change.constraint);
  const leaving = await lookAtLeavingTable(at);
  const moved = await lookAtMovedColumns({ to: change.to, columns: mergedColumns(at.table, key), key }, at);
  return { ...moved, blockers: [...new Set([...leaving.blockers, ...moved.blockers])] };
}
