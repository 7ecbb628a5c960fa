import type { Assessment, PartitionNode } from '../../assess/assessment';
import type { TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName, type QualifiedName } from '../../sql/identifier';
import { stepForecast } from '../step-forecast';
import { acceptFinding } from './accepted-finding';
import { indexIsValid } from './index-copies';
import { concurrentStep } from './plain-steps';
import { serverName } from './server-name';
import { stepSlug, type StepDraft } from './step-draft';

/** An index that is to be. */
export interface NewIndex {
  name: string;
  unique: boolean;
  /** `USING btree (...) ...`. */
  definition: string;
  /** What indexes of partitions are called after their table: `amount_idx` without the number. */
  addition: string | null;
  label: string;
}

/** The table an index is built on, and all that is below it. */
export interface IndexedTable {
  table: TableFacts;
  partitions: readonly PartitionNode[];
  /** Names that no new index may have. */
  taken: Set<string>;
}

/** The index of one table that holds rows. */
export interface PlacedIndex {
  table: QualifiedName;
  index: QualifiedName;
}

/** The table as the assessment knows it, for indexes. */
export function indexedTable({ table, partitions, takenNames }: Assessment): IndexedTable {
  return { table, partitions: partitions ?? [], taken: new Set(takenNames ?? []) };
}

/** Where rows are: in the table itself, or in the leaves below it, whose indexes get names of their own. */
export function placeIndex({ table, partitions, taken }: IndexedTable, index: NewIndex): PlacedIndex[] {
  taken.add(index.name);
  if (table.partitioning === null)
    return [{ table: table.name, index: { schema: table.name.schema, name: index.name } }];
  return partitions
    .filter(({ kind }) => kind === 'leaf')
    .map(({ name: leaf }) => {
      const name = serverName(leaf.name, index.addition, index.label, taken);
      taken.add(name);
      return { table: leaf, index: { schema: leaf.schema, name } };
    });
}

/**
 * The step that builds an index while others go on writing. On a partitioned table it does so leaf by leaf, then makes
 * the whole of them: one step, because what is joined cannot be parted again, only dropped as a whole.
 */
export function indexStep(on: IndexedTable, index: NewIndex): StepDraft {
  const { table } = on;
  const placed = placeIndex(on, index);
  const branches = placeBranches(on, index);
  const root = { schema: table.name.schema, name: index.name };
  const whole = table.partitioning !== null;
  const relation = formatQualifiedName(table.name);
  return concurrentStep({
    slug: stepSlug(`index ${index.name}`),
    title: t('Build the index {0}', formatIdentifier(index.name)),
    action: whole
      ? t(
          'Builds an index on each partition of {0} while others go on reading and writing, then joins them without reading a row.',
          relation,
        )
      : t(
          'Reads {0} twice and waits for open transactions, while others go on reading and writing.',
          relation,
        ),
    forward: whole
      ? [...rerunnable(buildIndexes(placed, index)), ...joinIndexes(on, placed, branches, index)]
      : buildIndexes(placed, index),
    rollback: [...dropJoined(branches), ...dropIndexes(placed)],
    holds: [indexIsValid(root)],
    expectation: t('The index {0} is valid.', index.name),
    forecast: whole
      ? stepForecast('ShareLock', 'catalog', table)
      : stepForecast('ShareUpdateExclusiveLock', 'index-build', table),
  });
}

/** What is partitioned: the table itself, then what is partitioned below it. */
function placeBranches({ table, partitions, taken }: IndexedTable, index: NewIndex): PlacedIndex[] {
  if (table.partitioning === null) return [];
  const below = partitions.filter(({ kind }) => kind === 'branch');
  return [
    { table: table.name, index: { schema: table.name.schema, name: index.name } },
    ...below.map(({ name: branch }) => {
      const name = serverName(branch.name, index.addition, index.label, taken);
      taken.add(name);
      return { table: branch, index: { schema: branch.schema, name } };
    }),
  ];
}

/**
 * The indexes of what is partitioned, made of those below without reading a row. Each statement is a transaction of its
 * own: together their locks on the partitions' indexes could stand against those of a query that is being planned.
 */
function joinIndexes(
  { partitions }: IndexedTable,
  leaves: readonly PlacedIndex[],
  branches: readonly PlacedIndex[],
  index: NewIndex,
): string[] {
  const placed = new Map([...leaves, ...branches].map((place) => [formatQualifiedName(place.table), place]));
  const indexOf = (table: QualifiedName): string =>
    formatQualifiedName(placed.get(formatQualifiedName(table))!.index);
  return [
    "SET lock_timeout = '500ms'",
    ...branches.map((branch) =>
      createIndex(index, '', branch.index.name, `ONLY ${formatQualifiedName(branch.table)}`),
    ),
    // From below: what becomes complete under a whole locks that one last, against the order of everybody who writes.
    ...[...partitions]
      .reverse()
      .map(({ name, parent }) => `ALTER INDEX ${indexOf(parent)} ATTACH PARTITION ${indexOf(name)}`),
    'RESET lock_timeout',
  ];
}

/** The index of the whole takes all below it along; the others are what a try that broke off may have left. */
function dropJoined(branches: readonly PlacedIndex[]): string[] {
  if (branches.length === 0) return [];
  return [
    "SET lock_timeout = '500ms'",
    ...branches.map(({ index }) => `DROP INDEX IF EXISTS ${formatQualifiedName(index)}`),
    'RESET lock_timeout',
  ];
}

/** Says that the builds may be run again: what is there is skipped, and what is half made is dropped first. */
function rerunnable(statements: readonly string[]): string[] {
  const [first, ...others] = statements;
  if (first === undefined || others.length === 0) return [...statements];
  const reason = 'Switchback skips what is there and drops what is half made';
  return [acceptFinding('not-rerunnable', reason, first), ...others];
}

/** CREATE INDEX CONCURRENTLY where the rows are. */
export function buildIndexes(placed: readonly PlacedIndex[], index: NewIndex): string[] {
  return placed.map((place) =>
    createIndex(index, 'CONCURRENTLY ', place.index.name, formatQualifiedName(place.table)),
  );
}

/** DROP INDEX CONCURRENTLY of what a try that broke off may have left. */
export function dropIndexes(placed: readonly PlacedIndex[]): string[] {
  return placed.map(({ index }) => `DROP INDEX CONCURRENTLY IF EXISTS ${formatQualifiedName(index)}`);
}

function createIndex(index: NewIndex, words: string, name: string, on: string): string {
  const unique = index.unique ? 'UNIQUE ' : '';
  return `CREATE ${unique}INDEX ${words}${formatIdentifier(name)}\n  ON ${on} ${index.definition}`;
}
