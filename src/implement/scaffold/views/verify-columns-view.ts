import { changeTypeOf, type Change } from '../../../assess/change';
import { formatQualifiedName, quoteLiteral } from '../../../sql/identifier';

export interface ColumnVariables {
  columns: { column: string; variable: string }[];
  /** True when all of them are there. */
  both: string;
  /** A query whose columns are the variables, for psql's \gset; null where the change is about no column. */
  sql: string | null;
}

/** Which of the change's columns are there at the moment: an old one goes, a new one comes. */
export function columnVariables(change: Change): ColumnVariables {
  const columns = namedVariables(changeTypeOf(change).columns(change));
  const both = 'both_are_there';
  if (columns.length === 0) return { columns, both, sql: null };
  const table = quoteLiteral(formatQualifiedName(change.table));
  const counts = columns.map(
    ({ column, variable }) => `count(*) filter (where attname = ${quoteLiteral(column)}) = 1 as ${variable}`,
  );
  const names = columns.map(({ column }) => quoteLiteral(column)).join(', ');
  return {
    columns,
    both,
    sql: [
      'select',
      [...counts, `count(*) filter (where attname in (${names})) = ${columns.length} as ${both}`]
        .map((item) => `  ${item}`)
        .join(',\n'),
      'from pg_attribute',
      `where attrelid = to_regclass(${table}) and not attisdropped`,
    ].join('\n'),
  };
}

/** A variable for each column once: `old_is_there`, `new_is_there`, `new_2_is_there`. */
function namedVariables(fates: readonly { column: string; fate: string }[]): ColumnVariables['columns'] {
  const seen = new Map<string, string>();
  const counts = { old: 0, new: 0 };
  for (const { column, fate } of fates) {
    if (seen.has(column)) continue;
    const age = fate === 'added' ? 'new' : 'old';
    counts[age] += 1;
    seen.set(column, counts[age] === 1 ? `${age}_is_there` : `${age}_${counts[age]}_is_there`);
  }
  return [...seen].map(([column, variable]) => ({ column, variable }));
}
