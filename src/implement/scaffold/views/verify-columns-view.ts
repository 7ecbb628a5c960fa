import { changeTypeOf, type Change } from '../../../assess/change';
import { formatQualifiedName, quoteLiteral } from '../../../sql/identifier';

export interface ColumnVariables {
  columns: { column: string; variable: string }[];
  /** True when all of them are there. */
  both: string;
  /** A query whose columns are the variables, for psql's \gset. */
  sql: string;
}

/** Which of the change's columns are there at the moment: the old one goes, the new one comes. */
export function columnVariables(change: Change): ColumnVariables {
  const columns = changeTypeOf(change)
    .columns(change)
    .map(({ column, fate }) => ({ column, variable: fate === 'added' ? 'new_is_there' : 'old_is_there' }));
  const table = quoteLiteral(formatQualifiedName(change.table));
  const counts = columns.map(
    ({ column, variable }) => `count(*) filter (where attname = ${quoteLiteral(column)}) = 1 as ${variable}`,
  );
  return {
    columns,
    both: 'both_are_there',
    sql: [
      'select',
      [
        ...counts,
        `count(*) filter (where attname in (${columns.map(({ column }) => quoteLiteral(column)).join(', ')})) = ${columns.length} as both_are_there`,
      ]
        .map((item) => `  ${item}`)
        .join(',\n'),
      'from pg_attribute',
      `where attrelid = to_regclass(${table}) and not attisdropped`,
    ].join('\n'),
  };
}
