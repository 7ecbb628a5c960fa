import type { IndexPart } from '../../assess/change-facts';
import type { PartitionTable } from '../../assess/changes/partition-table';
import type { OwnedSequence, PartitionedTable } from '../../assess/partitioned-table';
import type { TableFacts, ViewDependent } from '../../catalog/table-facts';
import { freeName } from '../../sql/free-name';
import type { QualifiedName } from '../../sql/identifier';
import type { PlanOptions } from '../plan';
import type { RecipeContext } from '../recipe';
import type { EqualTables } from './copy-equal-check';
import { tableMirror, type TableMirror } from './mirror-table-trigger';

/** Something of the table that the partitioned one has, too: each with the name it has until, or from, the exchange. */
export interface Exchanged<T> {
  of: T;
  schema: string;
  name: string;
  /** Of the new one, before. */
  next: string;
  /** Of the old one, afterwards. */
  before: string;
}

/** Everything that a table needs to become partitioned, decided once, so that its steps agree. */
export interface PartitionParts {
  change: PartitionTable;
  table: TableFacts;
  facts: PartitionedTable;
  options: PlanOptions;
  major: number;
  /** The key by which rows are known in both tables. */
  key: string[];
  next: QualifiedName;
  before: QualifiedName;
  indexes: Exchanged<IndexPart>[];
  /** Of identity columns. */
  identities: Exchanged<OwnedSequence>[];
  /** From the table to the new one, until the exchange. */
  mirror: TableMirror;
  /** Back to the old one, from then on. */
  back: TableMirror;
  equal: EqualTables;
  views: ViewDependent[];
}

/** A unique key that is checked at once and holds the columns the table is partitioned by; null where none does. */
export function partitionedKey(table: TableFacts, keyColumns: readonly string[]): string[] | null {
  return table.uniqueKeys.find((columns) => keyColumns.every((column) => columns.includes(column))) ?? null;
}

/** Decides keys and names. Throws where a blocker should have stopped the plan. */
export function partitionParts({
  change,
  assessment,
  options,
}: RecipeContext<PartitionTable>): PartitionParts {
  const { table, partitionedTable: facts, takenNames, server } = assessment;
  if (facts === undefined) throw new Error('nobody looked at the table');
  const key = partitionedKey(table, facts.keyColumns);
  if (key === null) throw new Error('no key to copy rows by');
  const taken = new Set(takenNames);
  const free = (stem: string, suffix: string): string => {
    const name = freeName(stem, suffix, taken);
    taken.add(name);
    return name;
  };
  for (const { name } of facts.partitions) taken.add(name.name);
  const { schema, name } = table.name;
  const exchanged = <T extends { name: QualifiedName }>(of: T): Exchanged<T> => ({
    of,
    schema: of.name.schema,
    name: of.name.name,
    next: free(of.name.name, '_next'),
    before: free(of.name.name, '_before'),
  });
  const next = { schema, name: free(name, '_next') };
  const before = { schema, name: free(name, '_before') };
  const mirror = tableMirror(table, next, key);
  return {
    change,
    table,
    facts,
    options,
    major: server.major,
    key,
    next,
    before,
    indexes: facts.indexes.map(exchanged),
    identities: facts.sequences.filter(({ identity }) => identity).map(exchanged),
    mirror,
    back: { ...mirror, to: before },
    equal: { table, other: next, key, columns: table.columns.map((column) => column.name) },
    views: table.dependents.views.filter(({ depth, kind }) => depth === 1 && kind === 'view'),
  };
}
