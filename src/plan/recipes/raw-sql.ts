import { firstLine } from '../../assess/raw/look-at-raw-sql';
import type { RawStep } from '../../assess/change-facts';
import type { RawSql } from '../../assess/changes/raw-sql';
import { t } from '../../messages/translate';
import {
  concurrentStep,
  deployStep,
  migrationStep,
  waitStep,
  type SqlStepParts,
} from '../pieces/plain-steps';
import { rawForecast } from '../pieces/raw-forecast';
import { recipePlan } from '../pieces/recipe-plan';
import { stepSlug, type StepDraft } from '../pieces/step-draft';
import type { Recipe, RecipeContext } from '../recipe';

/**
 * Runs statements of somebody's own in the steps their forecast cuts them into. What the code from before does not
 * survive comes after a release and a wait.
 */
export const rawSqlRecipe: Recipe<RawSql> = {
  id: 'raw-sql',
  blockers: () => [],
  phases: (context) => {
    const { change, assessment } = context;
    const steps = (assessment.rawSteps ?? []).map((step, index) => ({
      step,
      draft: sqlStep(step, index, change),
    }));
    const stays = steps.filter(({ step }) => !step.leaves);
    const leaves = steps.filter(({ step }) => step.leaves);
    const lost = steps.find(({ step }) => isLost(step, change));
    return recipePlan({
      phases: [
        {
          name: 'expand',
          goal: t('What the application in use survives is done.'),
          steps: stays.map(({ draft }) => draft),
        },
        {
          name: 'migrate',
          goal: t('No code needs what goes.'),
          steps: leaves.length > 0 ? leaving(context, leaves[0]!.step) : [],
        },
        { name: 'contract', goal: t('The rest is done.'), steps: leaves.map(({ draft }) => draft) },
      ],
      noReturn: lost
        ? {
            slug: lost.draft.slug,
            why: t('It is said of "{0}" that it cannot be taken back.', firstLine(lost.step.statements[0]!)),
          }
        : null,
    });
  },
};

function isLost(step: RawStep, { down, irreversible }: RawSql): boolean {
  return step.rollback === null && down === null && irreversible;
}

function sqlStep(step: RawStep, index: number, change: RawSql): StepDraft {
  const { statements, holds } = step;
  const words = firstLine(statements[0]!);
  const parts: SqlStepParts = {
    slug: `${index + 1}-${stepSlug(words)}`,
    title:
      statements.length === 1
        ? t('Run {0}', words)
        : t('Run {0} and {1} more in one transaction', words, statements.length - 1),
    action: step.alone
      ? t('PostgreSQL refuses it inside a transaction, so it runs alone.')
      : statements.length === 1
        ? t(
            'It shares its transaction with nothing else, so that its locks are held as briefly as they can be.',
          )
        : t(
            'They share one transaction, as each of them only changes the catalog for a moment: all of them are done, or none.',
          ),
    forward: statements,
    rollback: isLost(step, change)
      ? { noReturn: t('It is said that it cannot be taken back.') }
      : (step.rollback ?? [change.down ?? '']),
    holds: holds.length > 0 ? holds : [`(${change.proof ?? 'false'})`],
    expectation: t('What it makes is there, and what it drops is gone.'),
    forecast: rawForecast(step),
  };
  return step.alone ? concurrentStep(parts) : migrationStep(parts);
}

function leaving({ options }: RecipeContext<RawSql>, first: RawStep): StepDraft[] {
  const words = firstLine(first.statements[0]!);
  return [
    deployStep({
      slug: 'release-without',
      title: t('Release the application that does without what goes'),
      action: t('Code written for the schema before does not survive "{0}".', words),
      instructions: t(
        'Release the application, to all instances, in a version that works both with and without what "{0}" changes.',
        words,
      ),
      rollbackInstructions: t('Release the previous version again: what it needs is still there.'),
      holds: first.holds.length > 0 ? [`NOT (${first.holds.join(' AND ')})`] : ['true'],
      expectation: t('What the application did without is still there.'),
    }),
    waitStep(
      options.deprecationDays,
      t('Code that needs it still works.'),
      t('Jobs that run monthly and people with scripts of their own may still need it.'),
    ),
  ];
}
