import type { ReplacedView } from '../../assess/replaced-view';
import type { ReplaceView } from '../../assess/changes/replace-view';
import type { TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName, quoteLiteral } from '../../sql/identifier';
import { leavingPhase } from '../pieces/leaving-release';
import { migrationStep } from '../pieces/plain-steps';
import { recipePlan } from '../pieces/recipe-plan';
import { columnExists, regclass } from '../pieces/sql-text';
import type { StepDraft } from '../pieces/step-draft';
import { viewQuery } from '../pieces/view-query';
import type { Recipe, RecipeContext } from '../recipe';
import { stepForecast } from '../step-forecast';

const slug = 'replace-view';

/**
 * Gives a view another query with the same columns, and new ones behind them: all that depends on it stays as it is.
 * https://www.postgresql.org/docs/current/sql-createview.html
 */
export const replaceViewRecipe: Recipe<ReplaceView> = {
  id: 'replace-view',
  blockers: () => [],
  phases: (context) => {
    const { table } = context.assessment;
    const view = viewOf(context);
    const relation = formatQualifiedName(table.name);
    return recipePlan({
      phases: [
        { name: 'expand', goal: t('Nothing has to be there before.'), steps: [] },
        leavingPhase({
          rule: t('the query of {0} as it was', relation),
          instructions:
            t(
              'Make all code that reads {0} take what the new query gives as well as what the one before gives: {1}. Release it to all instances.',
              relation,
              context.change.definition,
            ) + writersToo(relation, view),
          present: `${regclass(table.name)} IS NOT NULL`,
          options: context.options,
        }),
        { name: 'contract', goal: t('The view has the new query.'), steps: [replaceStep(context)] },
      ],
      noReturn: view.appended.length === 0 ? null : { slug, why: whyForGood(view) },
      notes: notesOf(table),
    });
  },
};

function viewOf({ assessment: { replacedView } }: RecipeContext<ReplaceView>): ReplacedView {
  if (replacedView === undefined) throw new Error('nobody looked at the view');
  return replacedView;
}

function writersToo(relation: string, { updatable }: ReplacedView): string {
  if (!updatable) return '';
  return (
    ' ' +
    t(
      'Rows can be written through {0} today; where the new query is more than a plain SELECT from one table, make writers use the table itself.',
      relation,
    )
  );
}

function replaceStep(context: RecipeContext<ReplaceView>): StepDraft {
  const { change, assessment } = context;
  const { table } = assessment;
  const view = viewOf(context);
  const relation = formatQualifiedName(table.name);
  const back = replaced(table, view.definition);
  return migrationStep({
    slug,
    title: t('Replace the query of {0}', relation),
    action: t(
      'Takes a short lock on the view, for which it waits until queries that read it are over. No row is read.',
    ),
    forward: [replaced(table, change.definition)],
    rollback: view.appended.length === 0 ? [back] : { noReturn: whyForGood(view) },
    holds: [
      view.appended.length === 0
        ? `${viewQuery(table.name)} IS DISTINCT FROM ${quoteLiteral(view.definition)}`
        : columnExists(table.name, view.appended[0]!),
    ],
    expectation: t('The view {0} has another query than before.', relation),
    forecast: stepForecast('AccessExclusiveLock', 'catalog', table),
  });
}

function whyForGood({ appended }: ReplacedView): string {
  return t(
    'PostgreSQL takes no column away from a view: {0} stays. CREATE OR REPLACE VIEW can give the query before again, with NULL in its place.',
    appended.map(formatIdentifier).join(', '),
  );
}

/** Options are lost unless they are named again. */
function replaced({ name, storageParameters }: TableFacts, query: string): string {
  const options = storageParameters.map((option) => {
    const at = option.indexOf('=');
    return `${formatIdentifier(option.slice(0, at))} = ${quoteLiteral(option.slice(at + 1))}`;
  });
  const clause = options.length === 0 ? '' : ` WITH (${options.join(', ')})`;
  return `CREATE OR REPLACE VIEW ${formatQualifiedName(name)}${clause} AS\n${query}`;
}

function notesOf({ columns, dependents: { views } }: TableFacts): string[] {
  const limited = columns.filter(({ type }) => type.includes('('));
  const kept = views.filter(({ kind }) => kind === 'materialized-view');
  return [
    ...(kept.length === 0
      ? []
      : [
          t(
            'These keep what the query before gave until they are refreshed: {0}.',
            kept.map(({ name }) => formatQualifiedName(name)).join(', '),
          ),
        ]),
    ...(limited.length === 0
      ? []
      : [
          t(
            'The new query has to give the same length or precision: {0}. Where it does not, the step fails, and nothing has changed. Cast the columns in the query.',
            limited.map(({ name, type }) => `${formatIdentifier(name)} ${type}`).join(', '),
          ),
        ]),
    t(
      'The view reads tables by the rights of its owner unless it has security_invoker. See that they suffice for the tables of the new query.',
    ),
  ];
}
