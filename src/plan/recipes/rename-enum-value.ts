import type { Assessment } from '../../assess/assessment';
import type { RenameEnumValue } from '../../assess/changes/rename-enum-value';
import { listUses } from '../../assess/own-type';
import { t } from '../../messages/translate';
import { formatQualifiedName, quoteLiteral } from '../../sql/identifier';
import { acceptFinding } from '../pieces/accepted-finding';
import { aboutUses, labelExists, valueByPlace } from '../pieces/enum-labels';
import { leavingPhase } from '../pieces/leaving-release';
import { locklessForecast } from '../pieces/lockless-forecast';
import { ownTypeOf } from '../pieces/own-type-facts';
import { migrationStep } from '../pieces/plain-steps';
import { recipePlan } from '../pieces/recipe-plan';
import type { PhaseDraft, StepDraft } from '../pieces/step-draft';
import type { Recipe, RecipeContext } from '../recipe';

/**
 * Renames a value of an enum where all rows have it: one row of a catalog, once code takes both names.
 * https://www.postgresql.org/docs/current/sql-altertype.html
 */
export const renameEnumValueRecipe: Recipe<RenameEnumValue> = {
  id: 'rename-enum-value',
  blockers: () => [],
  phases: (context) => {
    const { change, assessment } = context;
    const rename = renameStep(change, assessment);
    return recipePlan({
      phases: [
        {
          name: 'expand',
          goal: change.atOnce ? t('The value has its new name.') : t('Nothing has to be there before.'),
          steps: change.atOnce ? [rename] : [],
        },
        change.atOnce
          ? { name: 'migrate', goal: t('No row has to change.'), steps: [] }
          : bothNamesPhase(context),
        {
          name: 'contract',
          goal: change.atOnce ? t('Nothing is left to remove.') : t('The value has its new name.'),
          steps: change.atOnce ? [] : [rename],
        },
      ],
      noReturn: null,
      notes: notesOf(change, assessment),
    });
  },
};

function bothNamesPhase({ change, assessment, options }: RecipeContext<RenameEnumValue>): PhaseDraft {
  const type = ownTypeOf(assessment);
  const [value, to] = [quoteLiteral(change.value), quoteLiteral(change.to)];
  return leavingPhase({
    rule: t('the name {0}', value),
    instructions: [
      t(
        'Make all code that reads these columns take {0} and {1} for the same: {2}.',
        value,
        to,
        listUses(type.uses),
      ),
      t(
        'Where SQL writes or compares the value, {0} is it under both names. Code that sends it as a parameter sends {1}, and {2} where the server refuses that as no value of the enum (SQLSTATE 22P02).',
        valueByPlace(type, change.value),
        value,
        to,
      ),
      ...textSentences(change, assessment),
      t('Release it to all instances.'),
    ].join(' '),
    present: labelExists(type, change.value),
    options,
  });
}

function renameStep(change: RenameEnumValue, assessment: Assessment): StepDraft {
  const type = ownTypeOf(assessment);
  const name = formatQualifiedName(type.name);
  const [value, to] = [quoteLiteral(change.value), quoteLiteral(change.to)];
  return migrationStep({
    slug: 'rename-value',
    title: t('Rename {0} of {1} to {2}', value, name, to),
    action: t(
      'Writes a row of a catalog and locks no table. Rows keep the value by its number, so that all of them have its new name at once.',
    ),
    forward: [
      acceptFinding(
        'rename-enum-value',
        change.atOnce
          ? t('no code names the value, or none runs at that moment')
          : t('a release before this one takes both names'),
        `ALTER TYPE ${name} RENAME VALUE ${value} TO ${to}`,
      ),
    ],
    rollback: [`ALTER TYPE ${name} RENAME VALUE ${to} TO ${value}`],
    holds: [labelExists(type, change.to), `NOT ${labelExists(type, change.value)}`],
    expectation: t('The enum {0} has the value {1} and no {2}.', name, to, value),
    forecast: locklessForecast(),
  });
}

function notesOf(change: RenameEnumValue, assessment: Assessment): string[] {
  const { uses } = ownTypeOf(assessment);
  const [value, to] = [quoteLiteral(change.value), quoteLiteral(change.to)];
  return [
    change.atOnce
      ? t(
          'Code that writes or compares {0} fails from the step on, and code that names {1} before it. Release it in the same moment, or while nothing runs.',
          value,
          to,
        )
      : t('Code that names {0} alone comes with a release after the last step.', to),
    ...(change.atOnce ? textSentences(change, assessment) : []),
    ...aboutUses(
      uses,
      ({ published }) => published,
      (columns) =>
        t(
          '{0} is published, and values are sent by their names. Let subscribers catch up, and rename the value there in the same moment: a row with a name that is not known there stops the subscription.',
          columns,
        ),
    ),
    ...aboutUses(
      uses,
      ({ kind }) => kind === 'foreign-table',
      (columns) =>
        t('{0} is of a foreign table. Its server has to have the new name at the same time.', columns),
    ),
  ];
}

/** https://www.postgresql.org/docs/current/xfunc-sql.html: what a string holds is looked up when it runs. */
function textSentences({ value }: RenameEnumValue, { valueTexts = [] }: Assessment): string[] {
  if (valueTexts.length === 0) return [];
  return [
    t(
      'These spell {0} as text, and have to take both names as well where they mean this value: {1}.',
      quoteLiteral(value),
      valueTexts.join(', '),
    ),
  ];
}
