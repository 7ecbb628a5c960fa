import type { Assessment, PartitionNode } from '../../assess/assessment';
import type { TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName, type QualifiedName } from '../../sql/identifier';
import { stepForecast } from '../step-forecast';
import { indexIsValid } from './index-copies';
import { concurrentStep, migrationStep } from './plain-steps';
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

/** The steps that build an index while others go on writing: leaf by leaf where the table is partitioned. */
export function indexSteps(on: IndexedTable, index: NewIndex): StepDraft[] {
  const built = buildSteps(on.table, placeIndex(on, index), index);
  return on.table.partitioning === null ? built : [...built, joinStep(on.table, index)];
}

/** One step per table that holds rows. */
export function buildSteps(table: TableFacts, placed: readonly PlacedIndex[], index: NewIndex): StepDraft[] {
  return placed.map((place) => buildStep(table, place, index));
}

function buildStep(table: TableFacts, place: PlacedIndex, index: NewIndex): StepDraft {
  const relation = formatQualifiedName(place.table);
  return concurrentStep({
    slug: stepSlug(`index ${place.index.name}`),
    title: t('Build the index {0}', formatIdentifier(place.index.name)),
    action: t(
      'Reads {0} twice and waits for open transactions, while others go on reading and writing.',
      relation,
    ),
    forward: [createIndex(index, 'CONCURRENTLY ', place.index.name, relation)],
    // What joins the indexes of partitions, or makes a constraint of one, takes them along when it goes back.
    rollback: [`DROP INDEX CONCURRENTLY IF EXISTS ${formatQualifiedName(place.index)}`],
    holds: [indexIsValid(place.index)],
    expectation: t('The index {0} is valid.', place.index.name),
    forecast: stepForecast('ShareUpdateExclusiveLock', 'index-build', table, place.table),
  });
}

/** The index of what is partitioned, made of those of the partitions without reading a row. */
function joinStep(table: TableFacts, index: NewIndex): StepDraft {
  const root = { schema: table.name.schema, name: index.name };
  return migrationStep({
    slug: stepSlug(`join ${index.name}`),
    title: t('Join the partitions’ indexes in {0}', formatIdentifier(index.name)),
    action: t('Creates the index of the partitioned table from those of its partitions; no row is read.'),
    // The whole tree at once takes the indexes that are there. ATTACH PARTITION would keep readers waiting, too.
    forward: [createIndex(index, '', index.name, formatQualifiedName(table.name))],
    rollback: [`DROP INDEX ${formatQualifiedName(root)}`],
    holds: [indexIsValid(root)],
    expectation: t('The index {0} is valid.', index.name),
    forecast: stepForecast('ShareLock', 'catalog', table),
  });
}

function createIndex(index: NewIndex, words: string, name: string, on: string): string {
  const unique = index.unique ? 'UNIQUE ' : '';
  return `CREATE ${unique}INDEX ${words}${formatIdentifier(name)}\n  ON ${on} ${index.definition}`;
}
