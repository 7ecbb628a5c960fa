import type { SplitTable } from '../../assess/changes/split-table';
import { columnOf } from '../../catalog/read-table-facts';
import type { ColumnFacts, ConstraintFacts, IndexFacts, TableFacts } from '../../catalog/table-facts';
import type { QualifiedName } from '../../sql/identifier';
import type { RecipeContext } from '../recipe';
import type { EqualTables } from './copy-equal-check';
import { mirrorBothWays, type MirrorBothWays } from './mirror-table-both-ways';
import { serverName } from './server-name';

/** What a new table has of the old one's rules: each is about columns that go to it. */
export interface SplitRules {
  checks: ConstraintFacts[];
  foreignKeys: ConstraintFacts[];
  /** Unique ones; their indexes get names of their own. */
  keys: { constraint: ConstraintFacts; name: string }[];
  indexes: { index: IndexFacts; name: string }[];
}

/** Everything that columns need to get a table of their own, decided once, so that the steps agree. */
export interface SplitParts {
  context: RecipeContext<SplitTable>;
  table: TableFacts;
  part: QualifiedName;
  key: string[];
  /** The columns of the key, then those that go. */
  columns: ColumnFacts[];
  moved: ColumnFacts[];
  primaryKey: string;
  reference: string;
  rules: SplitRules;
  mirror: MirrorBothWays;
  equal: EqualTables;
}

/** A unique key without the columns that go; null where there is none. */
export function stayingKey(table: TableFacts, gone: readonly string[]): string[] | null {
  return table.uniqueKeys.find((columns) => !columns.some((column) => gone.includes(column))) ?? null;
}

/** Decides key and names. Throws where a blocker should have stopped the plan. */
export function splitParts(context: RecipeContext<SplitTable>): SplitParts {
  const { change, assessment } = context;
  const { table, takenNames } = assessment;
  const key = stayingKey(table, change.columns);
  if (key === null) throw new Error('no key for the new table');
  const part = { schema: table.name.schema, name: change.to };
  const taken = new Set([...(takenNames ?? []), part.name]);
  const named = (addition: string | null, label: string): string => {
    const name = serverName(part.name, addition, label, taken);
    taken.add(name);
    return name;
  };
  const moved = change.columns.map((column) => columnOf(table, column));
  return {
    context,
    table,
    part,
    key,
    columns: [...key.map((column) => columnOf(table, column)), ...moved],
    moved,
    primaryKey: named(null, 'pkey'),
    reference: named(key.join('_'), 'fkey'),
    rules: splitRules(table, change.columns, named),
    mirror: mirrorBothWays(table, part, key, change.columns),
    equal: { table, other: part, key, columns: [...key, ...change.columns] },
  };
}

function splitRules(
  table: TableFacts,
  gone: readonly string[],
  named: (addition: string, label: string) => string,
): SplitRules {
  const goes = (columns: readonly string[]): boolean =>
    columns.length > 0 && columns.every((column) => gone.includes(column));
  const constraints = table.constraints.filter(({ columns }) => goes(columns));
  const ofKind = (kind: ConstraintFacts['kind']): ConstraintFacts[] =>
    constraints.filter((each) => each.kind === kind);
  return {
    checks: ofKind('check'),
    foreignKeys: ofKind('foreign-key'),
    keys: ofKind('unique').map((constraint) => ({
      constraint,
      name: named(constraint.columns.join('_'), 'key'),
    })),
    indexes: table.indexes
      .filter(
        ({ constraint, columns, expressionColumns }) =>
          constraint === null && goes([...columns, ...expressionColumns]),
      )
      .map((index) => ({ index, name: named([...index.columns, 'expr'][0]!, 'idx') })),
  };
}
