import type { MoveColumn } from '../../assess/changes/move-column';
import { guidingKey } from '../../assess/moved-columns';
import type { TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { selectCall, typeScriptSample } from '../pieces/code-sample';
import { columnRemovalBlockers } from '../pieces/column-removal-blockers';
import { goesWithColumn } from '../pieces/goes-with-column';
import { movedColumnsBlockers } from '../pieces/moved-columns-blockers';
import {
  endMirrorStep,
  lastLookStep,
  movedColumnsNotes,
  requireMovedSteps,
} from '../pieces/moved-columns-contract';
import { movedColumnsExpand } from '../pieces/moved-columns-expand';
import { movedColumnsMigrate } from '../pieces/moved-columns-migrate';
import { dropCarry, isRunning } from '../pieces/moved-columns-mirror';
import { isWithin, movedColumnsParts, type MovedColumnsParts } from '../pieces/moved-columns-parts';
import { deployStep, migrationStep, waitStep } from '../pieces/plain-steps';
import { recipePlan } from '../pieces/recipe-plan';
import { referencesSentence } from '../pieces/references-sentence';
import { unusedCheck } from '../pieces/rename-checks';
import { columnExists } from '../pieces/sql-text';
import type { StepDraft } from '../pieces/step-draft';
import { wholeFirst } from '../pieces/whole-first';
import type { Recipe } from '../recipe';
import { stepForecast } from '../step-forecast';

/** Moves columns to the table that theirs refers to; both are kept equal until the columns go. */
export const moveColumnRecipe: Recipe<MoveColumn> = {
  id: 'move-column',
  blockers: (change, assessment) => {
    const { table, to, columns, constraint } = change;
    const leaving = { ...assessment, table: withoutShared(assessment.table, columns) };
    const removal = columns.flatMap((column) =>
      columnRemovalBlockers({ kind: 'drop-column', table, column, backup: false, value: null }, leaving),
    );
    const key = guidingKey(assessment.table, to, constraint);
    return [...new Set([...removal, ...movedColumnsBlockers(columns, key, assessment)])];
  },
  phases: ({ change, assessment, options }) => {
    const { columns, to, constraint } = change;
    const key = guidingKey(assessment.table, to, constraint);
    const parts = movedColumnsParts({ assessment, options, columns, key, whole: false });
    const [relation, other] = [formatQualifiedName(change.table), formatQualifiedName(to)];
    const why = whyGone(parts);
    return recipePlan({
      phases: [
        {
          name: 'expand',
          goal: t('{0} follows every write of {1}.', other, relation),
          steps: movedColumnsExpand(parts),
        },
        {
          name: 'migrate',
          goal: t('The application reads and writes the columns in {0}.', other),
          steps: [
            ...movedColumnsMigrate(parts),
            releaseStep(parts),
            waitStep(
              options.deprecationDays,
              t('Code that reads or writes the columns in {0} still works.', relation),
              t('Jobs that run monthly and people with scripts of their own may still use them there.'),
            ),
          ],
        },
        {
          name: 'contract',
          goal: t('The columns are in {0} alone.', other),
          steps: [
            lastLookStep(
              parts,
              columns.map((column, place) => ({
                ...unusedCheck(change.table, column),
                id: `old-column-unused-${place + 1}`,
              })),
            ),
            endMirrorStep(parts, why),
            dropStep(parts, why),
            ...requireMovedSteps(parts),
          ],
        },
      ],
      noReturn: { slug: 'end-mirror', why },
      notes: movedColumnsNotes(parts),
    });
  },
};

/** What several of the columns have in common goes with them, and stops none. */
function withoutShared(table: TableFacts, columns: readonly string[]): TableFacts {
  if (table.replicaIdentity === 'index') return table;
  return {
    ...table,
    constraints: table.constraints.filter((each) => !isWithin(each.columns, columns)),
    indexes: table.indexes.filter((each) => !isWithin([...each.columns, ...each.expressionColumns], columns)),
  };
}

function releaseStep({
  assessment,
  table,
  target,
  key,
  columns,
  single,
  mirror,
}: MovedColumnsParts): StepDraft {
  const [relation, other] = [formatQualifiedName(table.name), formatQualifiedName(target.name)];
  const names = columns.map(({ name }) => formatIdentifier(name)).join(', ');
  const required = columns.filter(({ notNull }) => notNull).map(({ name }) => formatIdentifier(name));
  return deployStep({
    slug: 'use-other-table',
    title: t('Release the application that uses {0} of {1}', names, other),
    action: t('From this release on {0} are read and written there alone.', names),
    instructions: [
      t(
        'Read {0} from {1}, and leave them out of every INSERT, UPDATE and SELECT of {2}, also SELECT *.',
        names,
        other,
        relation,
      ),
      t('Write them in {0}, with every row that is to have them.', other),
      ...(required.length === 0
        ? []
        : [
            t(
              'Give {0} a value there before you insert a row of {1} that refers to it: until contract the table still requires one.',
              required.join(', '),
              relation,
            ),
          ]),
    ]
      .join(' ')
      .concat(referencesSentence(assessment)),
    rollbackInstructions: single
      ? t(
          'Release the previous version again: {0} has the same values. Only what was given to rows of {1} that no row refers to is known there alone.',
          relation,
          other,
        )
      : t(
          'Release the previous version again: {0} has the same values. Only what rows of {1} have that no row refers to is known there alone.',
          relation,
          other,
        ),
    sample: typeScriptSample(
      [selectCall(table.name, columns[0]!.name, key.fromColumns)],
      [selectCall(target.name, columns[0]!.name, key.toColumns)],
    ),
    holds: [isRunning(mirror.carry), isRunning(mirror.push)],
    expectation: t('Both tables are kept equal.'),
  });
}

function dropStep({ table, columns, mirror }: MovedColumnsParts, why: string): StepDraft {
  const relation = formatQualifiedName(table.name);
  const names = columns.map(({ name }) => formatIdentifier(name)).join(', ');
  return migrationStep({
    slug: 'drop-columns',
    title: t('Drop {0} of {1}', names, relation),
    action: [
      t('The triggers and the columns go; no row is read or written.'),
      ...columns.flatMap(({ name }) => goesWithColumn(table, name)),
    ].join(' '),
    forward: [
      ...wholeFirst(table),
      ...dropCarry(mirror),
      `ALTER TABLE ${relation}\n${columns.map(({ name }) => `  DROP COLUMN ${formatIdentifier(name)}`).join(',\n')}`,
    ],
    rollback: { noReturn: why },
    holds: columns.map(({ name }) => `NOT ${columnExists(table.name, name)}`),
    expectation: t('The columns are in the other table alone.'),
    forecast: stepForecast('AccessExclusiveLock', 'catalog', table),
  });
}

function whyGone({ table, target }: MovedColumnsParts): string {
  return t(
    'From here on the columns of {0} do not follow, and go. Their values are in {1}; to have them here again is a change of its own.',
    formatQualifiedName(table.name),
    formatQualifiedName(target.name),
  );
}
