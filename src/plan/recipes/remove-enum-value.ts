import type { Assessment } from '../../assess/assessment';
import type { RemoveEnumValue } from '../../assess/changes/remove-enum-value';
import { columnOf } from '../../catalog/read-table-facts';
import { t } from '../../messages/translate';
import { freeName } from '../../sql/free-name';
import { formatIdentifier, formatQualifiedName, quoteLiteral } from '../../sql/identifier';
import { enumAgain, type EnumAgain } from '../pieces/enum-again';
import { labelExists } from '../pieces/enum-labels';
import {
  addBeside,
  columnHasType,
  enumMoveBlockers,
  enumMoveContract,
  enumMoveOf,
  enumMoveParts,
  enumMoveSteps,
  moveDefault,
  type EnumMove,
} from '../pieces/enum-move';
import { leavingPhase } from '../pieces/leaving-release';
import { constraintNames } from '../pieces/not-null-proof';
import { ownTypeOf } from '../pieces/own-type-facts';
import { checkStep, deployStep } from '../pieces/plain-steps';
import { recipePlan } from '../pieces/recipe-plan';
import { columnExists } from '../pieces/sql-text';
import type { StepDraft } from '../pieces/step-draft';
import { constraintInTwoSteps } from '../pieces/validated-constraint';
import type { Recipe, RecipeContext } from '../recipe';
import { stepForecast } from '../step-forecast';
import { noneCounted } from '../pieces/counted-detail';

/**
 * Removes a value by making the enum anew: the column moves to it beside the old one, and both pairs exchange their names in
 * one transaction. PostgreSQL takes no value away from an enum.
 * https://www.postgresql.org/docs/current/datatype-enum.html#DATATYPE-ENUM-IMPLEMENTATION-DETAILS
 */
export const removeEnumValueRecipe: Recipe<RemoveEnumValue> = {
  id: 'remove-enum-value',
  blockers: enumMoveBlockers,
  phases: (context) => {
    const { change, assessment } = context;
    const move = moveOf(context);
    const { fill, notNull, swap, wait } = enumMoveSteps(move);
    return recipePlan({
      phases: [
        {
          name: 'expand',
          goal: t('Nobody writes the value, and every write has its value in the new enum too.'),
          steps: [...withoutValue(context), addBeside(move)],
        },
        {
          name: 'migrate',
          goal: t('The column has the new enum, and the old values are still there.'),
          steps: [
            ...fill,
            otherEnumRelease(change, assessment),
            ...(change.instead === null ? keptAway(change, assessment) : []),
            ...notNull,
            swap,
            wait,
          ],
        },
        enumMoveContract(move),
      ],
      noReturn: {
        slug: 'drop-old-values',
        why: t(
          'It drops the old enum, and with it which rows had {0}. Until then the exchange can be taken back.',
          quoteLiteral(change.value),
        ),
      },
      notes: [
        ...move.parts.notes,
        t(
          'Add no value to {0} while the plan runs: the enum that takes its place would not have it.',
          move.finalType,
        ),
      ],
    });
  },
};

function moveOf(context: RecipeContext<RemoveEnumValue>): EnumMove {
  const { change, assessment } = context;
  const type = ownTypeOf(assessment);
  const facts = enumMoveOf(assessment);
  const again = enumAgain(
    type,
    facts,
    type.values.filter((value) => value !== change.value),
  );
  const made = formatQualifiedName(again.beside);
  const column = formatIdentifier(change.column);
  const parts = enumMoveParts(context, {
    ...change,
    type: made,
    forward: newValue(change, made),
    back: `${column}::text::${made}`,
  });
  const defaults = moveDefault(parts, defaultsOf(change, assessment, again));
  const name = formatQualifiedName(type.name);
  return {
    parts,
    finalType: name,
    added: { before: again.create, backAfter: [`DROP TYPE ${made}`] },
    swapped: {
      after: [...again.exchange, ...defaults.after],
      backBefore: [...defaults.backBefore, ...again.exchange, ...defaults.back],
    },
    holds: [columnHasType(change.table, change.column, name), `NOT ${labelExists(type, change.value)}`],
    dropped: [`DROP TYPE ${made}`],
  };
}

/** Who still writes the value is not refused before the exchange. */
function newValue({ column, value, instead }: RemoveEnumValue, type: string): string {
  const text = `${formatIdentifier(column)}::text`;
  const other = instead === null ? 'NULL' : quoteLiteral(instead);
  return `CASE ${text} WHEN ${quoteLiteral(value)} THEN ${other} ELSE ${text} END::${type}`;
}

function defaultsOf(
  { column, value, instead }: RemoveEnumValue,
  assessment: Assessment,
  { original }: EnumAgain,
): { before: string; after: string } | null {
  const { default: before } = columnOf(assessment.table, column);
  const { defaultLabel } = enumMoveOf(assessment);
  if (before === null || defaultLabel === null) return null;
  const label = defaultLabel === value ? (instead ?? defaultLabel) : defaultLabel;
  return { before, after: `${quoteLiteral(label)}::${formatQualifiedName(original)}` };
}

function withoutValue({ change, assessment, options }: RecipeContext<RemoveEnumValue>): StepDraft[] {
  const type = ownTypeOf(assessment);
  const value = quoteLiteral(change.value);
  const { valueTexts = [] } = assessment;
  return leavingPhase({
    rule: t('the value {0} of {1}', value, formatQualifiedName(type.name)),
    instructions: [
      change.instead === null
        ? t('Make all code do without {0}: it neither writes nor compares it.', value)
        : t(
            'Make all code write {1} where it wrote {0}, and read both until the value is gone. It must not compare with {0} alone.',
            value,
            quoteLiteral(change.instead),
          ),
      ...(valueTexts.length === 0
        ? []
        : [
            t(
              'These spell it as text, and have to do without it where they mean it: {0}.',
              valueTexts.join(', '),
            ),
          ]),
      t('Release it to all instances.'),
    ].join(' '),
    present: labelExists(type, change.value),
    options,
  }).steps;
}

function otherEnumRelease(change: RemoveEnumValue, assessment: Assessment): StepDraft {
  const type = ownTypeOf(assessment);
  const [column, name] = [formatIdentifier(change.column), formatQualifiedName(type.name)];
  const { texts } = enumMoveOf(assessment);
  return deployStep({
    slug: 'release-other-enum',
    title: t('Release the application that takes {0} made anew', name),
    action: t('The column gets another type of the same name under running code in one moment.'),
    instructions: [
      t(
        'See that every place that writes {0} of {1} gives values without a type, or of {2} by its name. A session that has prepared a statement with it is told once that it does not fit any more, and has to prepare it again; drivers that keep the numbers of types have to read them again, at the latest when they connect.',
        column,
        formatQualifiedName(change.table),
        name,
      ),
      ...(texts.length === 0
        ? []
        : [
            t(
              'Sessions that have run these routines keep the old enum for their variables until they connect again: {0}.',
              texts.join(', '),
            ),
          ]),
      t('Release it to all instances. Where nothing has to change, confirm that you have looked.'),
    ].join(' '),
    rollbackInstructions: t('Release the previous version again: {0} is still of the old enum.', column),
    holds: [columnHasType(change.table, change.column, name), labelExists(type, change.value)],
    expectation: t('{0} still takes {1}.', column, quoteLiteral(change.value)),
  });
}

/** Nothing says what rows with the value get, so that none may have it when the names are exchanged. */
function keptAway(change: RemoveEnumValue, { table }: Assessment): StepDraft[] {
  const [column, value] = [formatIdentifier(change.column), quoteLiteral(change.value)];
  const name = freeName(`${table.name.name}_${change.column}`, '_without', constraintNames(table));
  const definition = `CHECK (${column} <> ${value})`;
  const relation = formatQualifiedName(table.name);
  const sql = `SELECT ${noneCounted(t('rows that have it'))}\n  FROM ${relation}\n WHERE ${column} = ${value}`;
  return [
    checkStep({
      slug: 'check-unused',
      title: t('Look whether a row has {0}', value),
      action: t('Reads the whole table once.'),
      checks: [{ id: 'unused', title: t('No row has {0}', value), sql }],
      verification: {
        sql: `SELECT NOT EXISTS (SELECT FROM ${relation} WHERE ${column} = ${value}) AND ${columnExists(table.name, change.column)} AS holds`,
        expectation: t('No row has {0}.', value),
      },
      forecast: stepForecast('AccessShareLock', 'scan', table),
    }),
    ...constraintInTwoSteps({ table, on: table.name, name, definition, lock: 'AccessExclusiveLock' }),
  ];
}
