import type { RebuildView } from '../../assess/changes/rebuild-view';
import type { RebuiltView, RebuiltViews } from '../../assess/rebuilt-views';
import { t } from '../../messages/translate';
import { formatQualifiedName, quoteLiteral } from '../../sql/identifier';
import { leavingPhase } from '../pieces/leaving-release';
import { migrationStep } from '../pieces/plain-steps';
import { recipePlan } from '../pieces/recipe-plan';
import { regclass } from '../pieces/sql-text';
import type { StepDraft } from '../pieces/step-draft';
import { viewAgain } from '../pieces/view-again';
import { viewQuery } from '../pieces/view-query';
import type { Recipe, RecipeContext } from '../recipe';
import { stepForecast } from '../step-forecast';

type Context = RecipeContext<RebuildView>;

/**
 * Makes a view anew with other columns, and all views over it, in one transaction after the release that takes both.
 * https://www.postgresql.org/docs/current/sql-createview.html
 */
export const rebuildViewRecipe: Recipe<RebuildView> = {
  id: 'rebuild-view',
  blockers: () => [],
  phases: (context) => {
    const { change, assessment, options } = context;
    const relation = formatQualifiedName(assessment.table.name);
    const views = viewsOf(context);
    return recipePlan({
      phases: [
        { name: 'expand', goal: t('Nothing has to be there before.'), steps: [] },
        leavingPhase({
          rule: t('the columns of {0} as they were', relation),
          instructions:
            t(
              'Make all code that uses {0} take what the new query gives as well as what the one before gives, and leave out columns that go: {1}. Release it to all instances.',
              relation,
              change.definition,
            ) + writersToo(relation, views),
          present: `${regclass(assessment.table.name)} IS NOT NULL`,
          options,
        }),
        { name: 'contract', goal: t('The view has the new columns.'), steps: [rebuildStep(context, views)] },
      ],
      noReturn: null,
      notes: [
        t(
          'The view reads tables by the rights of its owner unless it has security_invoker. See that they suffice for the tables of the new query.',
        ),
        t(
          'A prepared statement that gives all columns of one of the views fails once afterwards. Rights that somebody else than the owner has granted come back as granted by the owner.',
        ),
      ],
    });
  },
};

function viewsOf({ assessment: { rebuiltViews } }: Context): RebuiltViews {
  if (rebuiltViews === undefined) throw new Error('nobody looked at the view');
  return rebuiltViews;
}

function writersToo(relation: string, { updatable }: RebuiltViews): string {
  if (!updatable) return '';
  return (
    ' ' +
    t(
      'Rows can be written through {0} today; where the new query is more than a plain SELECT from one table, make writers use the table itself.',
      relation,
    )
  );
}

function rebuildStep({ change, assessment: { table } }: Context, views: RebuiltViews): StepDraft {
  const { view, over, columns } = views;
  const relation = formatQualifiedName(table.name);
  // Readers lock a view before what it reads, and so do the drops.
  const drops = [view, ...over].reverse().map(dropped);
  const again = over.flatMap((each) => viewAgain(each));
  return migrationStep({
    slug: 'rebuild-view',
    title: t('Make {0} anew', relation),
    action:
      over.length === 0
        ? t('The view goes and comes back in one short transaction, for which readers wait. No row is read.')
        : t(
            'The view and those over it go and come back in one short transaction, for which readers wait: {0}. No row is read.',
            over.map(({ name }) => formatQualifiedName(name)).join(', '),
          ),
    forward: [...drops, ...viewAgain(view, { query: change.definition, columns }), ...again],
    rollback: [...drops, ...viewAgain(view), ...again],
    holds: [`${viewQuery(table.name)} IS DISTINCT FROM ${quoteLiteral(view.definition)}`],
    expectation: t('The view {0} has another query than before.', relation),
    forecast: stepForecast('AccessExclusiveLock', 'catalog', table),
  });
}

function dropped({ name }: RebuiltView): string {
  return `DROP VIEW ${formatQualifiedName(name)}`;
}
