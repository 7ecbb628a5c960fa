import type { TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { stepForecast } from '../step-forecast';
import { acceptFinding } from './accepted-finding';
import {
  buildIndexes,
  dropIndexes,
  placeIndex,
  type IndexedTable,
  type PlacedIndex,
} from './concurrent-index';
import { concurrentStep } from './plain-steps';
import { constraintExists } from './sql-text';
import { stepSlug, type StepDraft } from './step-draft';

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
 * The step of a key: its index is built while others go on writing, then becomes the constraint under a short lock. On a
 * partitioned table each leaf gets its own first, and the whole takes those without reading a row. One step, because an
 * index that has become a constraint goes with it.
 * https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT-USING-INDEX
 */
export function keyStep(on: IndexedTable, key: NewKey): StepDraft {
  const { name, addition, label } = key;
  const { table } = on;
  const index = { name, unique: true, definition: `USING btree (${key.columns})`, addition, label };
  const placed = placeIndex(on, index);
  const relation = formatQualifiedName(table.name);
  return concurrentStep({
    slug: stepSlug(`add ${name}`),
    title: t('Build {0} and make it a constraint', formatIdentifier(name)),
    action: t(
      'The index is built while others go on reading and writing. The constraint takes it without reading a row, under a lock that is short.',
    ),
    forward: [
      ...buildIndexes(placed, index),
      ...placed.map((place) => useIndex(place, key)),
      ...(table.partitioning === null ? [] : [addWhole(relation, key)]),
    ],
    rollback: [
      `ALTER TABLE ${relation} DROP CONSTRAINT IF EXISTS ${formatIdentifier(name)}`,
      ...leftovers(table, placed),
    ],
    holds: [constraintExists(table.name, name, true)],
    expectation: t('The constraint {0} is there.', name),
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
function leftovers(table: TableFacts, placed: readonly PlacedIndex[]): string[] {
  const constraints =
    table.partitioning === null
      ? []
      : placed.map(
          (place) =>
            `ALTER TABLE ${formatQualifiedName(place.table)} DROP CONSTRAINT IF EXISTS ${formatIdentifier(place.index.name)}`,
        );
  return [...constraints, ...dropIndexes(placed)];
}
