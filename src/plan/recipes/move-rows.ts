import { movedRows, type MoveRows } from '../../assess/changes/move-rows';
import { t } from '../../messages/translate';
import { formatQualifiedName } from '../../sql/identifier';
import { bringMovedBackStep, dropMoveListStep, makeMoveListStep } from '../pieces/copy-move-list';
import { deployStep, waitStep } from '../pieces/plain-steps';
import { recipePlan } from '../pieces/recipe-plan';
import { referencesSentence } from '../pieces/references-sentence';
import { removalParts } from '../pieces/removal-parts';
import { leftCheckStep, listRowsStep, takeOutStep } from '../pieces/removal-steps';
import { firingTriggers, rowChangeBlockers } from '../pieces/row-change-blockers';
import { regclass } from '../pieces/sql-text';
import type { StepDraft } from '../pieces/step-draft';
import type { Recipe, RecipeContext } from '../recipe';

type Context = RecipeContext<MoveRows>;

/** Moves rows to another table of the same shape, in batches, each row in one transaction. */
export const moveRowsRecipe: Recipe<MoveRows> = {
  id: 'move-rows',
  blockers: (_, { table }) => rowChangeBlockers(table, []),
  phases: (context) => {
    const { change, options } = context;
    const parts = { ...removalParts(context, movedRows(change), true), archive: change.to };
    const [relation, to] = [formatQualifiedName(change.table), formatQualifiedName(change.to)];
    const why = t(
      'From here on nothing tells which rows of {0} came from {1}; to have them back is a change of its own.',
      to,
      relation,
    );
    return recipePlan({
      phases: [
        {
          name: 'expand',
          goal: t('There is a list for the rows that go.'),
          steps: [makeMoveListStep(parts)],
        },
        {
          name: 'migrate',
          goal: t('The application finds the rows in both tables.'),
          steps: [
            releaseStep(context),
            waitStep(
              options.deprecationDays,
              t('The rows are still where they were.'),
              t(
                'Jobs that run monthly, reports and people with scripts of their own may still look in one table alone.',
              ),
            ),
          ],
        },
        {
          name: 'contract',
          goal: t('The rows are in {0}.', to),
          steps: [
            // The way back goes the other way round: the rows are back before the release that asks one table alone.
            bringMovedBackStep(parts),
            listRowsStep(parts),
            takeOutStep(parts),
            leftCheckStep(parts),
            dropMoveListStep(parts, why),
          ],
        },
      ],
      noReturn: { slug: 'drop-list', why },
      notes: notesOf(context),
    });
  },
};

function releaseStep({ change, assessment }: Context): StepDraft {
  const [relation, to] = [formatQualifiedName(change.table), formatQualifiedName(change.to)];
  return deployStep({
    slug: 'release-for-both',
    title: t('Release the application that uses both tables'),
    action: t('From this release on it finds a row wherever it is.'),
    instructions:
      [
        t(
          'Read rows of {0} with {1} from both tables in one statement, by UNION ALL with {2}.',
          relation,
          change.where,
          to,
        ),
        t(
          'Change and delete such a row in {0} and then in {1}, and once more where neither had it: it may be on its way.',
          relation,
          to,
        ),
        t('Give no row in one table a key that the other has. Release it to all instances.'),
      ].join(' ') + referencesSentence(assessment),
    rollbackInstructions: t('Release the previous version again: the rows are where they were.'),
    holds: [`${regclass(change.table)} IS NOT NULL`, `${regclass(change.to)} IS NOT NULL`],
    expectation: t('Both tables are there.'),
  });
}

function notesOf({ change, assessment: { table } }: Context): string[] {
  const [relation, to] = [formatQualifiedName(change.table), formatQualifiedName(change.to)];
  const onDelete = firingTriggers(table, 'DELETE');
  return [
    t('Rows with {0} that are written to {1} after they were listed stay there.', change.where, relation),
    t('Triggers, privileges and policies of {0} hold for the rows that are moved there.', to),
    t(
      'The space of the rows is used again by {0} after VACUUM, but not given back to the file system.',
      relation,
    ),
    ...(onDelete.length === 0
      ? []
      : [
          t(
            'Triggers of {0} run for each row that goes: {1}. See that they may.',
            relation,
            onDelete.join(', '),
          ),
        ]),
  ];
}
