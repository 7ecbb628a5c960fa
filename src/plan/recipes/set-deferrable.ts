import type { Assessment } from '../../assess/assessment';
import { columnList } from '../../assess/changes/constraint-fields';
import { constraintOf } from '../../assess/changes/drop-constraint';
import { deferralWords, timingOf, type SetDeferrable } from '../../assess/changes/set-deferrable';
import type { ConstraintFacts, TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName, quoteLiteral } from '../../sql/identifier';
import { builtAgain, isBuiltBeside } from '../pieces/constraint-again';
import { keySwapSteps, timed } from '../pieces/key-swap';
import { leavingPhase } from '../pieces/leaving-release';
import { migrationStep } from '../pieces/plain-steps';
import { isRewrittenQuickly } from '../pieces/quick-rewrite';
import { recipePlan } from '../pieces/recipe-plan';
import { constraintExists, regclass } from '../pieces/sql-text';
import type { PhaseDraft, StepDraft } from '../pieces/step-draft';
import type { Recipe, RecipeContext } from '../recipe';
import { stepForecast } from '../step-forecast';

type Context = RecipeContext<SetDeferrable>;

/**
 * Sets when a constraint is checked. Of a foreign key that is a change of the catalog; a key is made anew of an index
 * that is built beside, an exclusion under its lock.
 * https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-ALTER-CONSTRAINT
 */
export const setDeferrableRecipe: Recipe<SetDeferrable> = {
  id: 'set-deferrable',
  blockers,
  phases: (context) => {
    const constraint = constraintOf(context.assessment.table, context.change.constraint);
    const steps = stepsOf(context, constraint);
    const sentences = instructions(context, constraint);
    const goal = t('The constraint is checked at its new moment.');
    return recipePlan({
      phases:
        sentences.length === 0
          ? [
              { name: 'expand', goal, steps },
              { name: 'migrate', goal: t('Nothing has to move.'), steps: [] },
              { name: 'contract', goal: t('Nothing is left to remove.'), steps: [] },
            ]
          : [
              { name: 'expand', goal: t('Nothing has to be there before.'), steps: [] },
              leaving(context, sentences),
              { name: 'contract', goal, steps },
            ],
      noReturn: null,
    });
  },
};

function blockers({ constraint }: SetDeferrable, assessment: Assessment): string[] {
  const { table, indexParts, server } = assessment;
  const found = constraintOf(table, constraint);
  const name = formatIdentifier(constraint);
  const relation = formatQualifiedName(table.name);
  if (indexParts === undefined) return [];
  if (!isBuiltBeside(found, indexParts)) {
    if (isRewrittenQuickly(table)) return [];
    return [
      t(
        'PostgreSQL can only make {0} anew by reading all of {1} while nobody can use it, and the table is too large for that. Do it at a time when nobody needs the table, or leave the constraint as it is.',
        name,
        relation,
      ),
    ];
  }
  // Its partitions' NOT NULL would no longer be only inherited (pg_constraint.conislocal), and no statement takes that back.
  if (found.kind !== 'primary-key' || table.partitioning === null || server.major < 18) return [];
  return [
    t(
      'From PostgreSQL 18 on, making {0} anew leaves a trace in the partitions of {1} that cannot be taken back: their NOT NULL becomes their own. Add a unique constraint of the same columns (add-unique) and let that one be deferrable.',
      name,
      relation,
    ),
  ];
}

function leaving({ change, options }: Context, sentences: readonly string[]): PhaseDraft {
  return leavingPhase({
    rule: t('the moment at which {0} is checked now', formatIdentifier(change.constraint)),
    instructions: [...sentences, t('Release it to all instances.')].join(' '),
    present: constraintExists(change.table, change.constraint, false),
    options,
  });
}

/** What code has to be ready for; nothing where only a transaction that asks for it sees a difference. */
function instructions({ change }: Context, constraint: ConstraintFacts): string[] {
  const name = formatIdentifier(change.constraint);
  const before = timingOf(constraint);
  const sentences: string[] = [];
  if (before === 'not' && constraint.kind !== 'foreign-key')
    sentences.push(
      t(
        'Take ON CONFLICT out of what inserts into {0}, also ON CONFLICT DO NOTHING: PostgreSQL refuses it where {1} is deferrable.',
        formatQualifiedName(change.table),
        name,
      ),
    );
  if (change.deferrable === 'deferred')
    sentences.push(
      t('Let the application take the error of {0} at COMMIT, and no longer count on it before.', name),
    );
  if (before === 'deferred' || (before === 'immediate' && change.deferrable === 'not'))
    sentences.push(
      t(
        'Let every statement keep to {0} by itself: no transaction may break it for a moment, or say SET CONSTRAINTS {0} where it cannot be deferred.',
        name,
      ),
    );
  return sentences;
}

function stepsOf(context: Context, constraint: ConstraintFacts): StepDraft[] {
  const { indexParts } = context.assessment;
  if (indexParts === undefined) return [alterStep(context, constraint)];
  return isBuiltBeside(constraint, indexParts)
    ? swapSteps(context, constraint)
    : [rebuildStep(context, constraint)];
}

function alterStep(context: Context, constraint: ConstraintFacts): StepDraft {
  const { change, assessment } = context;
  const alter = `ALTER TABLE ${formatQualifiedName(change.table)} ALTER CONSTRAINT ${formatIdentifier(change.constraint)}`;
  return migrationStep({
    ...proof(context),
    action: t('Takes a short lock and reads no row.'),
    forward: [`${alter} ${deferralWords(change.deferrable)}`],
    rollback: [`${alter} ${deferralWords(timingOf(constraint))}`],
    forecast: stepForecast('AccessExclusiveLock', 'catalog', assessment.table),
  });
}

function swapSteps(context: Context, constraint: ConstraintFacts): StepDraft[] {
  const { table } = context.assessment;
  const action = t(
    'Under a short lock the index that was built on {0} takes the place of the one that is there; no row is read, and what it keeps unique is kept all the time.',
    columnList(constraint.columns),
  );
  const words = { ...proof(context), action };
  return keySwapSteps(
    { table, old: constraint, key: timed(constraint, wanted(context)), words },
    context.assessment,
  );
}

function rebuildStep(context: Context, constraint: ConstraintFacts): StepDraft {
  const { assessment } = context;
  const { table, indexParts = [] } = assessment;
  const drop = `ALTER TABLE ${formatQualifiedName(table.name)} DROP CONSTRAINT ${formatIdentifier(constraint.name)}`;
  return migrationStep({
    ...proof(context),
    action: t(
      'Builds its index again while nobody can use the table, which is small; PostgreSQL has no other way.',
    ),
    forward: [drop, ...builtAgain(timed(constraint, wanted(context)), indexParts)],
    rollback: [drop, ...builtAgain(constraint, indexParts)],
    forecast: stepForecast('AccessExclusiveLock', 'index-build', table),
  });
}

function wanted({ change }: Context): Pick<ConstraintFacts, 'deferrable' | 'deferred'> {
  return { deferrable: change.deferrable !== 'not', deferred: change.deferrable === 'deferred' };
}

function proof({ change, assessment: { table } }: Context): {
  slug: string;
  title: string;
  holds: string[];
  expectation: string;
} {
  const name = formatIdentifier(change.constraint);
  const words = deferralWords(change.deferrable);
  return {
    slug: 'set-deferrable',
    title: t('Make {0} {1}', name, words),
    holds: [isChecked(table, change)],
    expectation: t('The constraint {0} is {1}.', change.constraint, words),
  };
}

function isChecked(table: TableFacts, { constraint, deferrable }: SetDeferrable): string {
  return (
    `EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = ${regclass(table.name)} ` +
    `AND conname = ${quoteLiteral(constraint)} AND condeferrable = ${deferrable !== 'not'} AND condeferred = ${deferrable === 'deferred'})`
  );
}
