import type { AddEnumValue } from '../../assess/changes/add-enum-value';
import { listUses, type OwnType, type TypeUse } from '../../assess/own-type';
import { t } from '../../messages/translate';
import { formatQualifiedName, quoteLiteral } from '../../sql/identifier';
import { locklessForecast } from '../pieces/lockless-forecast';
import { ownTypeOf } from '../pieces/own-type-facts';
import { deployStep, migrationStep, waitStep } from '../pieces/plain-steps';
import { recipePlan } from '../pieces/recipe-plan';
import type { StepDraft } from '../pieces/step-draft';
import type { Recipe } from '../recipe';

const slug = 'add-value';

/**
 * Adds a value to an enum between two releases: one that reads it and one that writes it. Only catalogs are written.
 * https://www.postgresql.org/docs/current/sql-altertype.html
 */
export const addEnumValueRecipe: Recipe<AddEnumValue> = {
  id: 'add-enum-value',
  blockers: () => [],
  phases: ({ change, assessment, options }) => {
    const type = ownTypeOf(assessment);
    const value = quoteLiteral(change.value);
    return recipePlan({
      phases: [
        {
          name: 'expand',
          goal: t('Whoever reads the enum knows {0}.', value),
          steps: [
            readingRelease(change, type),
            waitStep(
              options.deprecationDays,
              t('Nobody can write {0} yet.', value),
              t('Jobs that run monthly and people with scripts of their own may read the enum as well.'),
            ),
          ],
        },
        {
          name: 'migrate',
          goal: t('The enum has {0}, and code writes it.', value),
          steps: [addStep(change, type), writingRelease(change, type)],
        },
        { name: 'contract', goal: t('Nothing is left to remove.'), steps: [] },
      ],
      noReturn: { slug, why: whyForGood(change, type) },
      notes: notesOf(change, type),
    });
  },
};

function whyForGood({ value }: AddEnumValue, { name }: OwnType): string {
  return t(
    'PostgreSQL takes no value away from an enum: {0} stays in {1}. Until somebody writes it, it does no harm.',
    quoteLiteral(value),
    formatQualifiedName(name),
  );
}

function readingRelease({ value }: AddEnumValue, type: OwnType): StepDraft {
  const quoted = quoteLiteral(value);
  return deployStep({
    slug: 'release-reading',
    title: t('Release the application that reads {0}', quoted),
    action: t('From this release on no reader stumbles over the value.'),
    instructions: t(
      'Make all code that reads these columns take {0}, also lists of all values and comparisons by order: {1}. Release it to all instances. No code writes the value yet.',
      quoted,
      listUses(type.uses),
    ),
    rollbackInstructions: t('Release the previous version again: the value is not there yet.'),
    holds: [`pg_catalog.to_regtype(${quoteLiteral(formatQualifiedName(type.name))}) IS NOT NULL`],
    expectation: t('The enum {0} is there.', formatQualifiedName(type.name)),
  });
}

function addStep({ value, before, after }: AddEnumValue, type: OwnType): StepDraft {
  const name = formatQualifiedName(type.name);
  const quoted = quoteLiteral(value);
  const place =
    before !== null
      ? ` BEFORE ${quoteLiteral(before)}`
      : after !== null
        ? ` AFTER ${quoteLiteral(after)}`
        : '';
  return migrationStep({
    slug,
    title: t('Add {0} to {1}', quoted, name),
    action: t(
      'Writes a row of a catalog and locks no table. The value can be used as soon as the migration is over, not in it.',
    ),
    forward: [`ALTER TYPE ${name} ADD VALUE ${quoted}${place}`],
    rollback: {
      noReturn: t(
        'PostgreSQL takes no value away from an enum. It does no harm while nobody writes {0}.',
        quoted,
      ),
    },
    holds: [valueExists(type, value)],
    expectation: t('The enum {0} has the value {1}.', name, quoted),
    forecast: locklessForecast(),
  });
}

function writingRelease({ value }: AddEnumValue, type: OwnType): StepDraft {
  const quoted = quoteLiteral(value);
  return deployStep({
    slug: 'release-writing',
    title: t('Release the application that writes {0}', quoted),
    action: t('The first row with the value comes with this release.'),
    instructions: t('Make the application write {0} where it is meant, and release it.', quoted),
    rollbackInstructions: t(
      'Release the previous version again: it reads the rows with {0} that are there.',
      quoted,
    ),
    holds: [valueExists(type, value)],
    expectation: t('The enum {0} has the value {1}.', formatQualifiedName(type.name), quoted),
  });
}

function valueExists({ name }: OwnType, value: string): string {
  return (
    `EXISTS (SELECT FROM pg_catalog.pg_enum WHERE enumtypid = pg_catalog.to_regtype(${quoteLiteral(formatQualifiedName(name))}) ` +
    `AND enumlabel = ${quoteLiteral(value)})`
  );
}

function notesOf({ value }: AddEnumValue, { uses }: OwnType): string[] {
  const quoted = quoteLiteral(value);
  return [
    ...about(uses, 'decidesPartition', (columns) =>
      t(
        'Rows are laid into partitions by {0}, and there is no default partition. Attach a partition that takes {1} before code writes it.',
        columns,
        quoted,
      ),
    ),
    ...about(uses, 'checked', (columns) =>
      t('A CHECK reads {0}. See whether it takes {1} before code writes it.', columns, quoted),
    ),
    ...about(uses, 'published', (columns) =>
      t(
        '{0} is published. Add {1} to the enum of every subscriber first: a row with a value that is not known there stops the subscription.',
        columns,
        quoted,
      ),
    ),
  ];
}

function about(
  uses: readonly TypeUse[],
  what: 'decidesPartition' | 'checked' | 'published',
  say: (columns: string) => string,
): string[] {
  const meant = uses.filter((use) => use[what]);
  return meant.length === 0 ? [] : [say(listUses(meant))];
}
