import type { IndexPart } from '../../assess/change-facts';
import type { TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { freeName } from '../../sql/free-name';
import { formatIdentifier, formatQualifiedName, type QualifiedName } from '../../sql/identifier';
import { stepForecast } from '../step-forecast';
import { indexIsValid } from './index-copies';
import { buildPart } from './index-parts';
import { concurrentStep } from './plain-steps';
import { regclass } from './sql-text';
import { stepSlug, type StepDraft } from './step-draft';
import { byTheFirst } from './taken-back-together';

/** A second index like one that goes: on the way back it takes the place of that, which is built beside others' work only so. */
export interface StandIn {
  part: IndexPart;
  name: string;
}

/** Stand-ins for the indexes that have rows. Their names are taken from then on. */
export function standInsFor(parts: readonly IndexPart[], taken: Set<string>): StandIn[] {
  return parts
    .filter(({ leaf }) => leaf)
    .map((part) => {
      const name = freeName(part.name.name, '_switchback', taken);
      taken.add(name);
      return { part, name };
    });
}

/** What a part's stand-in is called. */
export function standInOf(standIns: readonly StandIn[]): (part: IndexPart) => string {
  return (part) => standIns.find((each) => each.part === part)!.name;
}

/** The steps that build them, taken back with the steps after them. `over`: SQL that is true when what they stand for is gone. */
export function buildStandIns(table: TableFacts, standIns: readonly StandIn[], over: string): StepDraft[] {
  return standIns.map(({ part, name }) =>
    concurrentStep({
      slug: stepSlug(`stand-in ${part.name.name}`),
      title: t('Build an index that stands in for {0}', formatIdentifier(part.name.name)),
      action: t(
        'A second index like {0}, built while others go on reading and writing. With it the way back is short; nothing else needs it.',
        formatIdentifier(part.name.name),
      ),
      forward: [buildPart(part, name)],
      rollback: byTheFirst,
      holds: [`(${indexIsValid(placed(part, name))}\n    OR ${over})`],
      expectation: t('The index {0} is valid, or no longer needed.', name),
      forecast: stepForecast('ShareUpdateExclusiveLock', 'index-build', table),
    }),
  );
}

/** The steps that end the quick way back: from here on it begins with building them again. */
export function dropStandIns(table: TableFacts, standIns: readonly StandIn[]): StepDraft[] {
  return standIns.map(({ part, name }) => {
    const index = placed(part, name);
    return concurrentStep({
      slug: stepSlug(`end of stand-in ${part.name.name}`),
      title: t('Drop the index that stood in for {0}', formatIdentifier(part.name.name)),
      action: t('Waits for the transactions that may use it, while others go on reading and writing.'),
      forward: [`DROP INDEX CONCURRENTLY IF EXISTS ${formatQualifiedName(index)}`],
      rollback: [buildPart(part, name)],
      holds: [`${regclass(index)} IS NULL`],
      expectation: t('The index {0} is gone.', name),
      forecast: stepForecast('ShareUpdateExclusiveLock', 'catalog', table),
    });
  });
}

/** Statements that drop what is there of them. */
export function withoutStandIns(standIns: readonly StandIn[]): string[] {
  return standIns.map(({ part, name }) => `DROP INDEX IF EXISTS ${formatQualifiedName(placed(part, name))}`);
}

/** What an application has to know of a stand-in for a key that it may break for a moment. */
export function notDeferred(key: string): string {
  return t(
    'Until the plan is done no transaction may break {0} for a moment: the index that stands in for it is checked at once.',
    key,
  );
}

/** The step from which on nothing refuses doubles: `drop` by its slug, or the end of the first stand-in after it. */
export function lastUniqueSlug(steps: readonly StepDraft[], drop: string): string {
  const at = steps.findIndex(({ slug }) => slug === drop);
  return (steps[at + 1] ?? steps[at]!).slug;
}

function placed({ name: { schema } }: IndexPart, name: string): QualifiedName {
  return { schema, name };
}
