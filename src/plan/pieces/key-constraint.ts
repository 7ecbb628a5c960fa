import type { TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName, type QualifiedName } from '../../sql/identifier';
import { stepForecast } from '../step-forecast';
import { acceptFinding } from './accepted-finding';
import { buildSteps, placeIndex, type IndexedTable, type PlacedIndex } from './concurrent-index';
import { oneByOne } from './one-statement';
import { migrationStep } from './plain-steps';
import { constraintExists } from './sql-text';
import { stepSlug, type StepDraft } from './step-draft';
import { byTheFirst, takenBackTogether } from './taken-back-together';

/** A unique or primary key that is to be. */
export interface NewKey {
  name: string;
  words: 'UNIQUE' | 'PRIMARY KEY';
  /** As SQL lists them. */
  columns: string;
  /** What keys of partitions are called after their table. */
  addition: string | null;
  label: string;
}

/**
 * The steps of a key: its index is built while others go on writing, then becomes the constraint under a short lock. On a
 * partitioned table each leaf gets its own first, and the whole takes those without reading a row.
 * https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT-USING-INDEX
 */
export function keySteps(on: IndexedTable, key: NewKey): StepDraft[] {
  const { name, addition, label } = key;
  const { table } = on;
  const index = { name, unique: true, definition: `USING btree (${key.columns})`, addition, label };
  const placed = placeIndex(on, index);
  const steps = [
    ...buildSteps(table, placed, index),
    ...placed.map((place) => useStep(table, place, key)),
    ...(table.partitioning === null ? [] : [wholeStep(table, key)]),
  ];
  const back = [dropConstraint(table.name, name), ...leftovers(table, placed)];
  return takenBackTogether(steps, {
    alone: oneByOne(back, table.partitioning === null ? [] : ['lock-order']),
    shared: back,
  });
}

function useStep(table: TableFacts, place: PlacedIndex, key: NewKey): StepDraft {
  const { name } = place.index;
  return migrationStep({
    slug: stepSlug(`constraint ${name}`),
    title: t('Make {0} a constraint of {1}', formatIdentifier(name), formatQualifiedName(place.table)),
    action: t('Takes the index that is there, without reading a row, under a lock that is short.'),
    forward: [useIndex(place, key)],
    rollback: byTheFirst,
    holds: [constraintExists(place.table, name, true)],
    expectation: t('The constraint {0} is there.', name),
    forecast: stepForecast('AccessExclusiveLock', 'catalog', table, place.table),
  });
}

function wholeStep(table: TableFacts, key: NewKey): StepDraft {
  const relation = formatQualifiedName(table.name);
  return migrationStep({
    slug: stepSlug(`whole ${key.name}`),
    title: t('Join the partitions’ constraints in {0}', formatIdentifier(key.name)),
    action: t('The constraint of {0} takes those of its partitions; no row is read.', relation),
    forward: [addWhole(relation, key)],
    rollback: byTheFirst,
    holds: [constraintExists(table.name, key.name, true)],
    expectation: t('The constraint {0} is there.', key.name),
    forecast: stepForecast('AccessExclusiveLock', 'catalog', table),
  });
}

function useIndex(place: PlacedIndex, key: NewKey): string {
  const name = formatIdentifier(place.index.name);
  return `ALTER TABLE ${formatQualifiedName(place.table)}\n  ADD CONSTRAINT ${name} ${key.words} USING INDEX ${name}`;
}

function addWhole(relation: string, key: NewKey): string {
  return acceptFinding(
    key.words === 'UNIQUE' ? 'unique-constraint-builds-index' : 'primary-key-builds-index',
    'nothing is built: every partition has its part',
    `ALTER TABLE ${relation}\n  ADD CONSTRAINT ${formatIdentifier(key.name)} ${key.words} (${key.columns})`,
  );
}

/** What a try that broke off may have left; the rest goes with the constraint of the whole. */
function leftovers({ partitioning }: TableFacts, placed: readonly PlacedIndex[]): string[] {
  const constraints =
    partitioning === null ? [] : placed.map(({ table, index }) => dropConstraint(table, index.name));
  return [...constraints, ...placed.map(({ index }) => `DROP INDEX IF EXISTS ${formatQualifiedName(index)}`)];
}

function dropConstraint(table: QualifiedName, name: string): string {
  return `ALTER TABLE ${formatQualifiedName(table)} DROP CONSTRAINT IF EXISTS ${formatIdentifier(name)}`;
}
