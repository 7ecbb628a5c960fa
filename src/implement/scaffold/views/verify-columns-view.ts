import { changeTypeOf, type Change, type SingleChange } from '../../../assess/change';
import { partsOf } from '../../../assess/several-changes';
import { formatQualifiedName, quoteLiteral } from '../../../sql/identifier';

export interface ColumnVariables {
  /** Of each change in its order. */
  parts: PartVariables[];
  /** A query whose columns are the variables, for psql's \gset; null where no change is about a column. */
  sql: string | null;
}

/** Which of one change's columns are there. */
export interface PartVariables {
  /** As SQL names it. */
  table: string;
  columns: { column: string; variable: string }[];
  /** True when all of them are there. */
  both: string;
}

/** Which of the columns of a plan's changes are there at the moment: an old one goes, a new one comes. */
export function columnVariables(change: Change): ColumnVariables {
  const counts = { old: 0, new: 0 };
  const parts = partsOf(change).map((part, index) => ({
    table: formatQualifiedName(part.table),
    columns: namedVariables(part, counts),
    both: index === 0 ? 'both_are_there' : `both_${index + 1}_are_there`,
  }));
  const tables = [...new Set(parts.filter(({ columns }) => columns.length > 0).map(({ table }) => table))];
  if (tables.length === 0) return { parts, sql: null };
  const items = parts.flatMap((part) => itemsOf(part, tables.length > 1));
  return {
    parts,
    sql: [
      'select',
      items.map((item) => `  ${item}`).join(',\n'),
      'from pg_attribute',
      `where attrelid ${among(tables)} and not attisdropped`,
    ].join('\n'),
  };
}

function among(tables: readonly string[]): string {
  const [first, ...others] = tables.map((table) => `to_regclass(${quoteLiteral(table)})`);
  return others.length === 0 ? `= ${first}` : `in (${[first, ...others].join(', ')})`;
}

function itemsOf({ table, columns, both }: PartVariables, several: boolean): string[] {
  if (columns.length === 0) return [];
  const where = several ? `attrelid = to_regclass(${quoteLiteral(table)}) and ` : '';
  const names = columns.map(({ column }) => quoteLiteral(column)).join(', ');
  return [
    ...columns.map(
      ({ column, variable }) =>
        `count(*) filter (where ${where}attname = ${quoteLiteral(column)}) = 1 as ${variable}`,
    ),
    `count(*) filter (where ${where}attname in (${names})) = ${columns.length} as ${both}`,
  ];
}

/** A variable for each column once: `old_is_there`, `new_is_there`, `new_2_is_there`. */
function namedVariables(
  change: SingleChange,
  counts: { old: number; new: number },
): PartVariables['columns'] {
  const seen = new Map<string, string>();
  for (const { column, fate } of changeTypeOf(change).columns(change)) {
    if (seen.has(column)) continue;
    const age = fate === 'added' ? 'new' : 'old';
    counts[age] += 1;
    seen.set(column, counts[age] === 1 ? `${age}_is_there` : `${age}_${counts[age]}_is_there`);
  }
  return [...seen].map(([column, variable]) => ({ column, variable }));
}
