import type { Assessment } from '../../assess/assessment';
import type { IndexPart } from '../../assess/change-facts';
import type { ConstraintFacts, TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { stepForecast } from '../step-forecast';
import { acceptInFile } from './accepted-in-file';
import { attachKey, deferral, keyAccepts, keyRemarks } from './constraint-again';
import { eitherInOne } from './one-statement';
import { migrationStep, type SqlStepParts } from './plain-steps';
import {
  buildStandIns,
  dropStandIns,
  standInOf,
  standInsFor,
  withoutStandIns,
  type StandIn,
} from './stand-in-index';
import { stepSlug, type StepDraft } from './step-draft';
import { byTheFirst, takenBackTogether } from './taken-back-together';

/** A unique or primary key, and when it is to be checked. */
export type TimedKey = Pick<ConstraintFacts, 'name' | 'kind' | 'definition' | 'deferrable' | 'deferred'>;

/** The same constraint, checked at another moment. */
export function timed<C extends TimedKey>(constraint: C, timing: Pick<C, 'deferrable' | 'deferred'>): C {
  const bare = constraint.definition.replace(/ DEFERRABLE(?: INITIALLY DEFERRED)?$/, '');
  return { ...constraint, ...timing, definition: bare + deferral(timing) };
}

/**
 * The steps that put a key in the place of the one of its name: indexes are built while others go on reading and writing,
 * one for the new key and one that stands in for the old, then one short transaction drops the one key and makes the other.
 */
export function keySwapSteps(
  swap: KeySwap,
  { indexParts = [], takenNames = [] }: Pick<Assessment, 'indexParts' | 'takenNames'>,
): StepDraft[] {
  const { table, old, key, words } = swap;
  const taken = new Set(takenNames);
  const built = standInsFor(indexParts, taken);
  const standIns = standInsFor(indexParts, taken);
  const over = words.holds.join(' AND ');
  const swapStep = migrationStep({
    ...words,
    forward: accepted(table, exchange(table, key, indexParts, standInOf(built))),
    rollback: byTheFirst,
    forecast: stepForecast('AccessExclusiveLock', 'catalog', table),
  });
  const back = exchange(table, old, indexParts, standInOf(standIns));
  const steps = takenBackTogether(
    [...buildKeyIndexes(table, built, over), ...buildStandIns(table, standIns, over), swapStep],
    {
      alone: eitherInOne(
        over,
        back,
        [...withoutStandIns(built), ...withoutStandIns(standIns)],
        keyAccepts(table),
      ),
      shared: accepted(table, back),
    },
  );
  return [...steps, ...dropStandIns(table, standIns)];
}

/** The swap of a key for one of the same columns. */
export interface KeySwap {
  table: TableFacts;
  old: TimedKey;
  key: TimedKey;
  words: Pick<SqlStepParts, 'slug' | 'title' | 'action' | 'holds' | 'expectation'>;
}

function buildKeyIndexes(table: TableFacts, built: readonly StandIn[], over: string): StepDraft[] {
  return buildStandIns(table, built, over).map((step, index) => {
    const { part, name } = built[index]!;
    return {
      ...step,
      slug: stepSlug(`index ${name}`),
      title: t('Build the index that takes the place of {0}', formatIdentifier(part.name.name)),
      action: t('Built on {0} while others go on reading and writing.', formatQualifiedName(part.table)),
    };
  });
}

function exchange(
  table: TableFacts,
  key: TimedKey,
  parts: readonly IndexPart[],
  built: (part: IndexPart) => string,
): string[] {
  return [
    `ALTER TABLE ${formatQualifiedName(table.name)} DROP CONSTRAINT ${formatIdentifier(key.name)}`,
    ...attachKey(key, parts, built),
    ...parts.flatMap(keyRemarks),
  ];
}

function accepted({ partitioning }: TableFacts, statements: readonly string[]): string[] {
  if (partitioning === null) return [...statements];
  const brief = t('the key of the whole takes those of its partitions without reading a row');
  return acceptInFile(['statement-after-access-exclusive'], brief, statements);
}
