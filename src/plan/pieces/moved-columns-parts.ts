import type { Assessment } from '../../assess/assessment';
import { isOneToOne, movedChecks } from '../../assess/moved-columns';
import { columnOf } from '../../catalog/read-table-facts';
import type { ColumnFacts, ConstraintFacts, ForeignKeyFacts, TableFacts } from '../../catalog/table-facts';
import { freeName } from '../../sql/free-name';
import type { PlanOptions } from '../plan';
import type { IndexedTable, NewIndex } from './concurrent-index';
import { movedColumnsMirror, type MovedColumnsMirror } from './moved-columns-mirror';
import { constraintNames } from './not-null-proof';
import { serverName } from './server-name';

/** A rule of columns that go, under the name it gets on the other table. */
export interface MovedConstraint {
  constraint: ConstraintFacts;
  name: string;
}

/** A unique index that carries a constraint has that, too. */
export interface MovedIndex {
  index: NewIndex;
  constraint: ConstraintFacts | null;
}

/** Everything that columns need to get to another table, decided once, so that the steps agree. */
export interface MovedColumnsParts {
  assessment: Assessment;
  options: PlanOptions;
  table: TableFacts;
  target: TableFacts;
  key: ForeignKeyFacts;
  columns: ColumnFacts[];
  /** Whether at most one row refers to each of the other table. */
  single: boolean;
  /** Whether the table goes with them. */
  whole: boolean;
  /** Those that every row of the other table has to have in the end. */
  required: ColumnFacts[];
  checks: MovedConstraint[];
  foreignKeys: MovedConstraint[];
  indexes: MovedIndex[];
  indexed: IndexedTable;
  mirror: MovedColumnsMirror;
}

interface Going {
  assessment: Assessment;
  options: PlanOptions;
  columns: readonly string[];
  key: ForeignKeyFacts;
  whole: boolean;
}

/** Decides names and places. */
export function movedColumnsParts(going: Going): MovedColumnsParts {
  const { assessment, key, whole } = going;
  const { table, server } = assessment;
  const { target, partitions, takenNames, complete } = assessment.movedColumns!;
  const columns = going.columns.map((column) => columnOf(table, column));
  const single = isOneToOne(table, key);
  const taken = new Set(takenNames);
  const names = constraintNames(target);
  const named = (constraint: ConstraintFacts): MovedConstraint => {
    const name = freeName(constraint.name, '', names);
    names.add(name);
    return { constraint, name };
  };
  return {
    assessment,
    options: going.options,
    table,
    target,
    key,
    columns,
    single,
    whole,
    required: complete ? columns.filter(({ notNull }) => notNull) : [],
    checks: movedChecks(table, going.columns).map(named),
    foreignKeys: movedForeignKeys(table, going.columns).map(named),
    indexes: movedIndexes(table, target, going.columns, taken),
    indexed: { table: target, partitions, taken },
    mirror: movedColumnsMirror({ table, target, key, columns, single, whole, serverMajor: server.major }),
  };
}

/** The foreign keys of columns that go, and of no others. */
export function movedForeignKeys(table: TableFacts, columns: readonly string[]): ConstraintFacts[] {
  return table.constraints.filter(
    (constraint) => constraint.kind === 'foreign-key' && isWithin(constraint.columns, columns),
  );
}

/** Whether there are some, and all of them go. */
export function isWithin(used: readonly string[], columns: readonly string[]): boolean {
  return used.length > 0 && used.every((column) => columns.includes(column));
}

function movedIndexes(
  table: TableFacts,
  target: TableFacts,
  columns: readonly string[],
  taken: Set<string>,
): MovedIndex[] {
  return table.indexes
    .filter((index) => index.valid && isWithin([...index.columns, ...index.expressionColumns], columns))
    .map((index) => {
      const constraint =
        table.constraints.find(({ name, kind }) => kind === 'unique' && name === index.constraint) ?? null;
      const addition = constraint === null ? [...index.columns, 'expr'][0]! : constraint.columns.join('_');
      const label = constraint === null ? 'idx' : 'key';
      const name = serverName(target.name.name, addition, label, taken);
      taken.add(name);
      const definition = index.definition.slice(index.definition.search(/ USING /) + 1);
      return { index: { name, unique: index.unique, definition, addition, label }, constraint };
    });
}
