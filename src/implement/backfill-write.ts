import type { BackfillSpec } from '../plan/plan';
import { formatQualifiedName, quoteIdentifier } from '../sql/identifier';

/**
 * What writes the rows of a batch, as common table expressions of which the last, `switchback_written`, has one row for
 * each row written: `from` the relation `where` a condition `rest`.
 */
export interface BatchWrite {
  from: string;
  where: string;
  rest: string;
}

/**
 * How a backfill writes. A copied row is locked before it is written elsewhere: one that somebody deletes meanwhile would
 * come back from an older snapshot, after the trigger has taken it out of the copy.
 * https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-ROWS
 */
export function batchWrite(spec: BackfillSpec): BatchWrite {
  const pending = ` and (${spec.pending ?? 'true'})`;
  switch (spec.write) {
    case undefined:
    case 'update':
      return {
        from: 'switchback_written as (\n  update ',
        where: ` set ${valuesSql(spec.assignments)}\n  where `,
        rest: `${pending}\n  returning 1\n)`,
      };
    case 'copy': {
      const columns = spec.columns.map(({ column }) => quoteIdentifier(column)).join(', ');
      const values = spec.columns.map(({ expression }) => `(${expression})`).join(', ');
      const key = spec.conflict.map((column) => quoteIdentifier(column)).join(', ');
      // Into another server: it has the keys. All rows are locked before it takes the snapshot that it keeps.
      const [sorted, conflict] = key === '' ? ['\n  order by 1', ''] : ['', ` (${key})`];
      return {
        from: `switchback_rows (${columns}) as materialized (\n  select ${values} from `,
        where: '\n  where ',
        rest:
          `${pending}\n  for share\n), switchback_written as (\n` +
          `  insert into ${formatQualifiedName(spec.into)} (${columns}) overriding system value\n` +
          `  select ${columns} from switchback_rows${sorted}\n  on conflict${conflict} do nothing\n  returning 1\n)`,
      };
    }
  }
}

/** The whole of a backfill as one statement, partitions and children included. */
export function wholeWriteSql(spec: BackfillSpec): string {
  const { from, where, rest } = batchWrite(spec);
  return `with ${from}${formatQualifiedName(spec.table)}${where}true${rest}\nselect count(*) from switchback_written`;
}

/** `"column" = (expression), ...` for SET. */
function valuesSql(values: readonly { column: string; expression: string }[]): string {
  return values.map(({ column, expression }) => `${quoteIdentifier(column)} = (${expression})`).join(', ');
}
