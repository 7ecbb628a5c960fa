import type { Session } from '../../database/session';
import { quoteIdentifier } from '../../sql/identifier';
import type { CopyColumn } from './copy-facts';
import type { RowBatch } from './read-rows';

/** Where rows go: the columns in the order of their values. */
export interface RowTarget {
  relation: string;
  columns: readonly CopyColumn[];
}

/** Inserts rows with the values they have, of identity columns too. */
export async function writeRows(
  session: Session,
  { relation, columns }: RowTarget,
  batch: RowBatch,
  signal: AbortSignal,
): Promise<void> {
  if (batch.rows === 0) return;
  if (columns.length === 0) {
    for (let row = 0; row < batch.rows; row += 1)
      await session.query(`insert into ${relation} default values`, [], { signal });
    return;
  }
  const names = columns.map(({ name }) => quoteIdentifier(name));
  const values = columns.map(({ type }, at) => `c${at}::${type}`);
  const arrays = columns.map((_, at) => `$${at + 1}::text[]`);
  await session.query(
    `insert into ${relation} (${names.join(', ')}) overriding system value
     select ${values.join(', ')} from unnest(${arrays.join(', ')}) r(${columns.map((_, at) => `c${at}`).join(', ')})`,
    batch.columns,
    { signal },
  );
}
