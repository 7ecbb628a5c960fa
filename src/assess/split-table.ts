import { columnOf } from '../catalog/read-table-facts';
import { t } from '../messages/translate';
import { formatIdentifier } from '../sql/identifier';
import type { ChangeFindings } from './change-facts';
import { isAskedOfWriters } from './changes/drop-column';
import type { Look } from './changes/change-type';
import type { SplitTable } from './changes/split-table';
import { emptyCheckBlockers } from './empty-value';
import { takenNameBlockers } from './partition-tree';
import { relationNames } from './relation-names';
import { readRights, type Rights } from './rights';
import { subscriptionsInto } from './stand-in-view';

/** What decides how a table gets columns of another one. */
export interface SplitTableFacts {
  rights: Rights;
}

/** What stops columns from going to a table of their own that only the server knows. Reads only. */
export async function lookAtSplitTable({ columns, to }: SplitTable, at: Look): Promise<ChangeFindings> {
  const { table } = at;
  const takenNames = await relationNames(at, [table.name]);
  const rights = await readRights(table.name, at);
  const moved = columns.map((column) => columnOf(table, column));
  const blockers = [...takenNameBlockers(to, table.name.schema, takenNames)];
  for (const column of moved)
    if (column.default === null) blockers.push(...(await emptyCheckBlockers(column, at)));
  for (const column of moved.filter((each) => isAskedOfWriters(each) && each.typeKind === 'domain'))
    blockers.push(...(await domainBlockers(column.name, column.type, at)));
  return {
    takenNames,
    splitTable: { rights },
    blockers: [...blockers, ...(await subscriptionsInto(at))],
  };
}

/** A row of the table is written before that of the new one, and is without the values until then. */
async function domainBlockers(column: string, type: string, { session, signal }: Look): Promise<string[]> {
  const { rows } = await session.query<{ required: boolean }>(
    'SELECT typnotnull AS required FROM pg_catalog.pg_type WHERE oid = pg_catalog.to_regtype($1)',
    [type],
    { signal },
  );
  if (rows[0]?.required !== true) return [];
  return [
    t(
      'The domain {0} of {1} refuses rows without a value, which the new application writes for a moment. Change the column to the base type first (change-column-type).',
      type,
      formatIdentifier(column),
    ),
  ];
}
