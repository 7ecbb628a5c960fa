import type { Assessment } from '../../assess/assessment';
import { constraintOf, type DropConstraint } from '../../assess/changes/drop-constraint';
import { columnList } from '../../assess/changes/constraint-fields';
import type { ConstraintFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { formatIdentifier } from '../../sql/identifier';
import { isBuiltBeside } from '../pieces/constraint-again';
import { dropConstraintSlug, dropForGood, dropWithWayBack } from '../pieces/constraint-end';
import { leavingPhase } from '../pieces/leaving-release';
import { recipePlan } from '../pieces/recipe-plan';
import { constraintExists } from '../pieces/sql-text';
import { lastUniqueSlug, notDeferred } from '../pieces/stand-in-index';
import type { PhaseDraft, StepDraft } from '../pieces/step-draft';
import type { Recipe, RecipeContext } from '../recipe';

/**
 * Drops a constraint, a change of the catalog. Code may rely on keys, exclusions and foreign keys: those go after a
 * release. A CHECK only refuses, so nothing has to be released before.
 * https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-DROP-CONSTRAINT
 */
export const dropConstraintRecipe: Recipe<DropConstraint> = {
  id: 'drop-constraint',
  blockers: () => [],
  phases: (context) => {
    const constraint = constraintOf(context.assessment.table, context.change.constraint);
    const steps = dropSteps(context, constraint);
    return recipePlan({
      phases: [
        { name: 'expand', goal: t('Nothing has to be there before.'), steps: [] },
        leaving(context, constraint),
        { name: 'contract', goal: t('The constraint is gone.'), steps },
      ],
      noReturn: canBreak(constraint)
        ? {
            slug: lastUniqueSlug(steps, dropConstraintSlug),
            why: t(
              'From here on rows may come that {0} would have refused; where there are any, it cannot be put there again.',
              formatIdentifier(constraint.name),
            ),
          }
        : null,
      notes: notesOf(constraint),
    });
  },
};

/** Whether new rows may stand in the way back: what was never proved takes them as they are. */
function canBreak({ kind, validated }: ConstraintFacts): boolean {
  return validated || (kind !== 'check' && kind !== 'foreign-key');
}

function isEnforced({ definition }: ConstraintFacts): boolean {
  return !definition.endsWith(' NOT ENFORCED');
}

function leaving(
  { change, options }: RecipeContext<DropConstraint>,
  constraint: ConstraintFacts,
): PhaseDraft {
  if (constraint.kind === 'check' || !isEnforced(constraint))
    return { name: 'migrate', goal: t('Nothing has to move.'), steps: [] };
  return leavingPhase({
    rule: t('the constraint {0}', formatIdentifier(constraint.name)),
    instructions: instructions(constraint),
    present: constraintExists(change.table, constraint.name, false),
    options,
  });
}

function instructions({ kind, name, columns, deferrable }: ConstraintFacts): string {
  const quoted = formatIdentifier(name);
  if (kind === 'foreign-key') {
    return t(
      'Let the application see to it itself that {0} names a row that is there, also where such a row is deleted or gets another key: nothing refuses that any more, and nothing follows it (ON DELETE, ON UPDATE). Release it to all instances.',
      columnList(columns),
    );
  }
  if (kind === 'exclusion') {
    return t(
      'Take ON CONFLICT clauses that need {0} out of the application, and let it see to it itself that rows do not exclude each other. Release it to all instances.',
      quoted,
    );
  }
  const release = t(
    'Take ON CONFLICT clauses that need {0} out of the application, and let it see to it itself that no two rows have the same {1} where that matters. Release it to all instances.',
    quoted,
    columnList(columns),
  );
  return deferrable ? `${release} ${notDeferred(quoted)}` : release;
}

function dropSteps(
  { change, assessment }: RecipeContext<DropConstraint>,
  constraint: ConstraintFacts,
): StepDraft[] {
  const { indexParts } = assessment;
  const { name, kind } = constraint;
  const forGood = leavesTrace(constraint, assessment);
  const isBuiltUnderLock = indexParts !== undefined && !isBuiltBeside(constraint, indexParts);
  const drop = {
    table: assessment.table,
    constraint,
    title: t('Drop the constraint {0}', formatIdentifier(name)),
    action: forGood ? t('Takes a short lock and reads no row.') : action(kind, isBuiltUnderLock),
    holds: [`NOT ${constraintExists(change.table, name, false)}`],
    expectation: t('There is no constraint {0}.', name),
  };
  return forGood
    ? [
        dropForGood(
          drop,
          t(
            'From PostgreSQL 18 on a primary key that is made again leaves a trace in the partitions: their NOT NULL becomes their own. To have the key again is a change of its own (add-primary-key).',
          ),
        ),
      ]
    : dropWithWayBack(drop, assessment);
}

/** Partitions would no longer only inherit NOT NULL (pg_constraint.conislocal), and no statement takes that back. */
function leavesTrace({ kind }: ConstraintFacts, { table, server }: Assessment): boolean {
  return kind === 'primary-key' && table.partitioning !== null && server.major >= 18;
}

function action(kind: ConstraintFacts['kind'], isBuiltUnderLock: boolean): string {
  if (isBuiltUnderLock) {
    return t(
      'Takes a short lock and reads no row. The way back is not short: it reads every row and builds the index while nobody can use the table.',
    );
  }
  switch (kind) {
    case 'foreign-key':
      return t(
        'Takes a short lock on both tables and reads no row. The way back puts it there as NOT VALID, and proves it, where it was proved, while others go on writing.',
      );
    case 'check':
      return t(
        'Takes a short lock and reads no row. The way back puts it there as NOT VALID, and proves it, where it was proved, while others go on writing.',
      );
    default:
      return t(
        'Takes a short lock and reads no row. The index that stands in for its own still refuses doubles; the way back makes it the constraint again.',
      );
  }
}

function notesOf({ kind }: ConstraintFacts): string[] {
  switch (kind) {
    case 'check':
      return [
        t(
          'Let whoever reads the table take rows that the CHECK refuses now, before somebody writes the first one.',
        ),
      ];
    case 'primary-key':
      return [t('The columns of the primary key stay NOT NULL; drop-not-null changes that.')];
    default:
      return [];
  }
}
