import type { Assessment } from '../../assess/assessment';
import type { PartitionNode } from '../../assess/change-facts';
import type { TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName, type QualifiedName } from '../../sql/identifier';
import { stepForecast } from '../step-forecast';
import { indexIsValid } from './index-copies';
import { oneByOne } from './one-statement';
import { concurrentStep, migrationStep } from './plain-steps';
import { serverName } from './server-name';
import { regclass, sqlScript } from './sql-text';
import { stepSlug, type StepDraft } from './step-draft';
import { byTheFirst, takenBackTogether } from './taken-back-together';

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
 * The steps that build an index while others go on writing. On a partitioned table each leaf gets its own, then the whole
 * is made of them; what is joined cannot be parted again, only dropped as a whole.
 */
export function indexSteps(on: IndexedTable, index: NewIndex): StepDraft[] {
  const { table } = on;
  const placed = placeIndex(on, index);
  const branches = placeBranches(on, index);
  const back = [...branches, ...placed].map(
    (place) => `DROP INDEX IF EXISTS ${formatQualifiedName(place.index)}`,
  );
  if (table.partitioning === null)
    return buildSteps(table, placed, index).map((step) => ({
      ...step,
      rollback: { kind: 'sql', sql: sqlScript([dropConcurrently(placed[0]!)]) },
    }));
  const joins = [
    ...branches.slice(1).map((branch) => branchStep(table, branch, index)),
    joinStep(on, [...placed, ...branches], index),
  ];
  const steps = [...buildSteps(table, placed, index), ...joins];
  return takenBackTogether(steps, { alone: oneByOne(back), shared: back });
}

/** CREATE INDEX CONCURRENTLY where the rows are, a step for each. */
export function buildSteps(table: TableFacts, placed: readonly PlacedIndex[], index: NewIndex): StepDraft[] {
  return placed.map((place) => {
    const name = formatIdentifier(place.index.name);
    const relation = formatQualifiedName(place.table);
    return concurrentStep({
      slug: stepSlug(`index ${place.index.name}`),
      title: t('Build the index {0}', name),
      action: t(
        'Reads {0} twice and waits for open transactions, while others go on reading and writing.',
        relation,
      ),
      forward: [createIndex(index, 'CONCURRENTLY ', place.index.name, relation)],
      rollback: byTheFirst,
      holds: [indexIsValid(place.index)],
      expectation: t('The index {0} is valid.', place.index.name),
      forecast: stepForecast('ShareUpdateExclusiveLock', 'index-build', table, place.table),
    });
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

/** The index of what is partitioned as it is before those below are joined in it: not valid, and used by nobody. */
function branchStep(table: TableFacts, branch: PlacedIndex, index: NewIndex): StepDraft {
  const { name } = branch.index;
  const relation = formatQualifiedName(branch.table);
  return migrationStep({
    slug: stepSlug(`frame ${name}`),
    title: t('Create the index {0} of {1} alone', formatIdentifier(name), relation),
    action: t('Nothing is built: it is valid when those of the partitions are joined in it.'),
    forward: [createIndex(index, '', name, `ONLY ${relation}`)],
    rollback: byTheFirst,
    holds: [`${regclass(branch.index)} IS NOT NULL`],
    expectation: t('The index {0} is there.', name),
    forecast: stepForecast('ShareLock', 'catalog', table, branch.table),
  });
}

/**
 * The index of the whole takes those of its partitions, without reading a row. Each statement is committed by itself:
 * together their locks on the partitions' indexes could stand against those of a query that is being planned.
 */
function joinStep(
  { table, partitions }: IndexedTable,
  places: readonly PlacedIndex[],
  index: NewIndex,
): StepDraft {
  const placed = new Map(places.map((place) => [formatQualifiedName(place.table), place]));
  const indexOf = (name: QualifiedName): string =>
    formatQualifiedName(placed.get(formatQualifiedName(name))!.index);
  return concurrentStep({
    slug: stepSlug(`join ${index.name}`),
    title: t('Join the partitions’ indexes in {0}', formatIdentifier(index.name)),
    action: t('Creates the index of the partitioned table from those of its partitions; nothing is built.'),
    forward: [
      oneByOne([
        createIndex(index, 'IF NOT EXISTS ', index.name, `ONLY ${formatQualifiedName(table.name)}`),
        // From below: what becomes complete under a whole locks that one last, against the order of everybody who writes.
        ...[...partitions]
          .reverse()
          .map(({ name, parent }) => `ALTER INDEX ${indexOf(parent)} ATTACH PARTITION ${indexOf(name)}`),
      ]),
    ],
    rollback: byTheFirst,
    holds: [indexIsValid({ schema: table.name.schema, name: index.name })],
    expectation: t('The index {0} is valid.', index.name),
    forecast: stepForecast('ShareLock', 'catalog', table),
  });
}

function dropConcurrently({ index }: PlacedIndex): string {
  return `DROP INDEX CONCURRENTLY IF EXISTS ${formatQualifiedName(index)}`;
}

function createIndex(index: NewIndex, words: string, name: string, on: string): string {
  const unique = index.unique ? 'UNIQUE ' : '';
  return `CREATE ${unique}INDEX ${words}${formatIdentifier(name)}\n  ON ${on} ${index.definition}`;
}
