import type { GoingRows } from '../../assess/row-removal';
import type { SingleChange } from '../../assess/change';
import type { TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { formatQualifiedName } from '../../sql/identifier';
import type { RecipeContext, RecipePlan } from '../recipe';
import { deployStep, waitStep } from './plain-steps';
import { recipePlan } from './recipe-plan';
import { removalParts, type RemovalParts } from './removal-parts';
import {
  bringBackStep,
  dropListStep,
  leftCheckStep,
  listRowsStep,
  makeListStep,
  takeOutStep,
  whyDeleted,
} from './removal-steps';
import { referencesSentence } from './references-sentence';
import { firingTriggers } from './row-change-blockers';
import { regclass } from './sql-text';

export interface Removal {
  rows: GoingRows;
  archive: boolean;
  /** What the application must not need and write any more, in whole sentences. */
  instructions: string;
}

/** The plan of rows that go in batches: the release that does without them, their list, and then they go. */
export function removalPlan(context: RecipeContext<SingleChange>, removal: Removal): RecipePlan {
  const { assessment, options } = context;
  const { table } = assessment;
  const parts = removalParts(context, removal.rows, removal.archive);
  const relation = formatQualifiedName(table.name);
  return recipePlan({
    phases: [
      {
        name: 'expand',
        goal: t('There is a place for what goes.'),
        steps: [makeListStep(parts)],
      },
      {
        name: 'migrate',
        goal: t('Nobody needs or writes the rows that go.'),
        steps: [
          deployStep({
            slug: 'release-without-rows',
            title: t('Release the application that does without the rows'),
            action: t('From this release on nobody asks for them, and nobody writes new ones.'),
            instructions: removal.instructions + referencesSentence(assessment),
            rollbackInstructions: t('Release the previous version again: the rows are there.'),
            holds: [`${regclass(table.name)} IS NOT NULL`],
            expectation: t('The table {0} is there, with its rows.', relation),
          }),
          waitStep(
            options.deprecationDays,
            t('The rows are still there.'),
            t('Jobs that run monthly, reports and people with scripts of their own may still ask for them.'),
          ),
        ],
      },
      {
        name: 'contract',
        goal: t('The rows are gone.'),
        steps: [
          // The way back goes the other way round: the rows are there before the release that asks for them.
          ...bringBackStep(parts),
          listRowsStep(parts),
          takeOutStep(parts),
          leftCheckStep(parts),
          dropListStep(parts),
        ],
      },
    ],
    noReturn: removal.archive ? null : { slug: 'take-out', why: whyDeleted(parts) },
    notes: notesOf(parts, table),
  });
}

function notesOf({ archive }: RemovalParts, table: TableFacts): string[] {
  const relation = formatQualifiedName(table.name);
  const notes = [
    t(
      'The space of the rows is used again by {0} after VACUUM, but not given back to the file system.',
      relation,
    ),
  ];
  const onDelete = firingTriggers(table, 'DELETE');
  if (onDelete.length > 0) {
    notes.push(
      t('Triggers of {0} run for each row that goes: {1}. See that they may.', relation, onDelete.join(', ')),
    );
  }
  if (archive === null) return notes;
  const onInsert = firingTriggers(table, 'INSERT');
  if (onInsert.length > 0) {
    notes.push(
      t(
        'On the way back triggers of {0} run for each row: {1}. What they change would not be as before.',
        relation,
        onInsert.join(', '),
      ),
    );
  }
  notes.push(
    t(
      'On the way back a row stays in {0} whose key is used again by then, or that refers to one that is gone. The archive stays with it; look after such rows, and drop it, before the plan is run again.',
      formatQualifiedName(archive),
    ),
    t(
      '{0} stays after the plan, for its owner alone: policies and privileges of {1} do not hold there. Drop it when nobody needs the rows any more.',
      formatQualifiedName(archive),
      relation,
    ),
  );
  return notes;
}
