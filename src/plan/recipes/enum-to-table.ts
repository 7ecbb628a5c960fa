import type { Assessment } from '../../assess/assessment';
import type { EnumToTable } from '../../assess/changes/enum-to-table';
import { columnOf } from '../../catalog/read-table-facts';
import { t } from '../../messages/translate';
import { freeName } from '../../sql/free-name';
import {
  formatIdentifier,
  formatQualifiedName,
  quoteLiteral,
  type QualifiedName,
} from '../../sql/identifier';
import { labelTableSteps } from '../pieces/enum-label-table';
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
import { foreignKeySteps } from '../pieces/foreign-key-steps';
import { constraintNames } from '../pieces/not-null-proof';
import { ownTypeOf } from '../pieces/own-type-facts';
import { deployStep } from '../pieces/plain-steps';
import { recipePlan } from '../pieces/recipe-plan';
import type { StepDraft } from '../pieces/step-draft';
import type { Recipe, RecipeContext } from '../recipe';

/**
 * Keeps the values of a column in a table: text beside the enum, kept equal, that refers to it and takes its place.
 * https://www.postgresql.org/docs/current/datatype-enum.html
 */
export const enumToTableRecipe: Recipe<EnumToTable> = {
  id: 'enum-to-table',
  blockers: enumMoveBlockers,
  phases: (context) => {
    const { change, assessment } = context;
    const move = moveOf(context);
    const { fill, notNull, swap, wait } = enumMoveSteps(move);
    return recipePlan({
      phases: [
        {
          name: 'expand',
          goal: t('The values have a table, and every write has its value as text too.'),
          steps: [
            ...labelTableSteps(assessment.table, ownTypeOf(assessment), labelTable(change)),
            addBeside(move),
          ],
        },
        {
          name: 'migrate',
          goal: t('The column is text that refers to the table, and the old values are still there.'),
          steps: [...fill, ...referring(move, context), ...notNull, release(change, assessment), swap, wait],
        },
        enumMoveContract(move),
      ],
      noReturn: {
        slug: 'drop-old-values',
        why: t(
          'It drops the values of {0} as those of the enum, and from then on the table may have others. Until then the exchange can be taken back.',
          formatIdentifier(change.column),
        ),
      },
      notes: [...move.parts.notes, ...notesOf(change, assessment)],
    });
  },
};

function labelTable({ table, to }: EnumToTable): QualifiedName {
  return { schema: table.schema, name: to };
}

function moveOf(context: RecipeContext<EnumToTable>): EnumMove {
  const { change, assessment } = context;
  const { others, defaultLabel } = enumMoveOf(assessment);
  const column = formatIdentifier(change.column);
  const type = formatQualifiedName(ownTypeOf(assessment).name);
  const parts = enumMoveParts(context, {
    ...change,
    type: 'text',
    forward: `${column}::text`,
    back: `${column}::${type}`,
  });
  const before = columnOf(assessment.table, change.column).default;
  const defaults = moveDefault(
    parts,
    before === null || defaultLabel === null
      ? null
      : { before, after: `${quoteLiteral(defaultLabel)}::text` },
  );
  return {
    parts,
    finalType: 'text',
    added: { before: [], backAfter: [] },
    swapped: { after: defaults.after, backBefore: [...defaults.backBefore, ...defaults.back] },
    holds: [columnHasType(change.table, change.column, 'pg_catalog.text')],
    dropped: others.length === 0 ? [`DROP TYPE ${type}`] : [],
  };
}

/** The foreign key is on the column beside, and goes with it to its place. */
function referring(
  { parts }: EnumMove,
  { change, assessment: { partitions = [], server } }: RecipeContext<EnumToTable>,
): StepDraft[] {
  const { table, beside, constraints } = parts;
  const taken = new Set([...constraintNames(table), ...constraints.map(({ name }) => name)]);
  return foreignKeySteps({
    table,
    partitions,
    references: labelTable(change),
    name: freeName(`${table.name.name}_${change.column}`, '_fkey', taken),
    definition: `FOREIGN KEY (${formatIdentifier(beside)}) REFERENCES ${formatQualifiedName(labelTable(change))} (label)`,
    serverMajor: server.major,
  });
}

function release(change: EnumToTable, assessment: Assessment): StepDraft {
  const type = formatQualifiedName(ownTypeOf(assessment).name);
  const [column, to] = [formatIdentifier(change.column), formatQualifiedName(labelTable(change))];
  const { texts } = enumMoveOf(assessment);
  return deployStep({
    slug: 'release-both-types',
    title: t('Release the application that takes {0} as {1} and as text', column, type),
    action: t('The type changes under running code in one moment; the code has to take both before that.'),
    instructions: [
      t(
        'Make every place that reads or writes {0} of {1} work with {2} and with text: parameters and literals without {2} behind them, no enum_range of the column.',
        column,
        formatQualifiedName(change.table),
        type,
      ),
      t(
        'Text sorts by its letters: where the order of the values counts, join {0} and sort or compare by its place. A value that is not there is refused by the foreign key (SQLSTATE 23503), not as no value of the enum (22P02).',
        to,
      ),
      ...(texts.length === 0
        ? []
        : [t('These routines name the enum, and have to do without it: {0}.', texts.join(', '))]),
      t(
        'Release it to all instances. A session that has prepared a statement which returns the column is told once that the cached plan must not change its result type, and has to prepare it again.',
      ),
    ].join(' '),
    rollbackInstructions: t('Release the previous version again: {0} is still of the enum.', column),
    holds: [columnHasType(change.table, change.column, type)],
    expectation: t('{0} still is of the enum.', column),
  });
}

function notesOf(change: EnumToTable, assessment: Assessment): string[] {
  const { others } = enumMoveOf(assessment);
  const type = formatQualifiedName(ownTypeOf(assessment).name);
  return [
    t(
      'Until the last step a value has to be in the enum and in {0}: add none to either of them while the plan runs.',
      formatQualifiedName(labelTable(change)),
    ),
    ...(others.length === 0
      ? []
      : [t('The enum {0} stays: these need it as well: {1}.', type, others.join(', '))]),
  ];
}
