import type { ReplaceMaterializedView } from '../../assess/changes/replace-materialized-view';
import type { ReplacedMaterializedView } from '../../assess/replaced-materialized-view';
import { dependentsOfTable, routinesOfTable } from '../../assess/leaving-table';
import type { TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { freeName } from '../../sql/free-name';
import {
  formatIdentifier,
  formatQualifiedName,
  quoteLiteral,
  type QualifiedName,
} from '../../sql/identifier';
import { leavingPhase } from '../pieces/leaving-release';
import { locklessForecast } from '../pieces/lockless-forecast';
import { makeMaterializedView, storageClause } from '../pieces/materialized-view';
import { checkStep, deployStep, migrationStep, waitStep } from '../pieces/plain-steps';
import { recipePlan } from '../pieces/recipe-plan';
import { allHold, regclass, silenced } from '../pieces/sql-text';
import type { PhaseDraft, StepDraft } from '../pieces/step-draft';
import type { PlanOptions } from '../plan';
import type { Recipe, RecipeContext } from '../recipe';
import { stepForecast } from '../step-forecast';

/** What the recipe works with. */
interface Parts {
  table: TableFacts;
  view: ReplacedMaterializedView;
  query: string;
  options: PlanOptions;
  /** The new one before it takes the name. */
  next: QualifiedName;
  nextIndexes: string[];
  /** The old one afterwards. */
  kept: QualifiedName;
  keptIndexes: string[];
}

/**
 * Gives a materialized view another query by a second one that is filled beside it and takes its name in a moment; the one
 * before stays until the deprecation window is over.
 * https://www.postgresql.org/docs/current/sql-altermaterializedview.html
 */
export const replaceMaterializedViewRecipe: Recipe<ReplaceMaterializedView> = {
  id: 'replace-materialized-view',
  blockers: () => [],
  phases: (context) => {
    const parts = partsOf(context);
    const relation = formatQualifiedName(parts.table.name);
    return recipePlan({
      phases: [
        { name: 'expand', goal: t('The new one is there, empty.'), steps: [createStep(parts)] },
        releasePhase(parts),
        {
          name: 'contract',
          goal: t('{0} gives what the new query gives.', relation),
          steps: [
            fillStep(parts),
            swapStep(parts),
            waitStep(
              parts.options.deprecationDays,
              t(
                'The one before is kept as {0}; going back one step brings it back.',
                formatIdentifier(parts.kept.name),
              ),
              t('Reports that run monthly should have run once with the new query.'),
            ),
            unusedStep(parts),
            dropStep(parts),
          ],
        },
      ],
      noReturn: null,
      notes: [
        t(
          'Jobs that refresh {0} go on, and refresh the new one from the exchange on. Between being filled and the exchange it is not refreshed: run both steps one after the other.',
          relation,
        ),
        t(
          'The one before is not refreshed while it is kept. After going back, run REFRESH MATERIALIZED VIEW CONCURRENTLY {0}.',
          relation,
        ),
      ],
    });
  },
};

function partsOf({ change, assessment, options }: RecipeContext<ReplaceMaterializedView>): Parts {
  const { table, replacedMaterializedView: view, takenNames } = assessment;
  if (view === undefined) throw new Error('nobody looked at the materialized view');
  const taken = new Set(takenNames);
  const free = (name: string, suffix: string): string => {
    const found = freeName(name, suffix, taken);
    taken.add(found);
    return found;
  };
  const { schema, name } = table.name;
  return {
    table,
    view,
    query: change.definition,
    options,
    next: { schema, name: free(name, '_next') },
    nextIndexes: view.indexes.map((index) => free(index.name.name, '_next')),
    kept: { schema, name: free(name, '_before') },
    keptIndexes: view.indexes.map((index) => free(index.name.name, '_before')),
  };
}

function createStep(parts: Parts): StepDraft {
  const { table, view, next, query } = parts;
  const name = formatQualifiedName(next);
  return migrationStep({
    slug: 'create-next',
    title: t('Create {0}', name),
    action: t(
      'It has the new query, with the options, indexes, rights and comments of {0}, and no rows yet.',
      formatQualifiedName(table.name),
    ),
    forward: makeMaterializedView({
      name: next,
      query,
      columns: view.columns,
      indexNames: parts.nextIndexes,
      like: view,
      table,
      retyped: view.retyped,
    }),
    rollback: [`DROP MATERIALIZED VIEW ${name}`],
    holds: [`${regclass(next)} IS NOT NULL`],
    expectation: t('There is {0}, with its indexes.', name),
    forecast:
      view.lock === null
        ? locklessForecast()
        : stepForecast(view.lock.mode, 'catalog', table, view.lock.relation),
  });
}

function releasePhase({ table, view, query, options }: Parts): PhaseDraft {
  const relation = formatQualifiedName(table.name);
  const present = `${regclass(table.name)} IS NOT NULL`;
  const instructions = t(
    'Make all code that reads {0} take what the new query gives as well as what the one before gives: {1}. Release it to all instances.',
    relation,
    query,
  );
  if (!view.keepsColumns)
    return leavingPhase({ rule: t('the query of {0} as it was', relation), instructions, present, options });
  return {
    name: 'migrate',
    goal: t('Code takes what the new query gives.'),
    steps: [
      deployStep({
        slug: 'release-for-both',
        title: t('Release the application that takes both'),
        action: t('The columns stay; what is in them may be other than before.'),
        instructions,
        rollbackInstructions: t('Release the previous version again: the query is as it was.'),
        holds: [present],
        expectation: t('The view is as it was.'),
      }),
    ],
  };
}

function fillStep({ table, next }: Parts): StepDraft {
  const name = formatQualifiedName(next);
  return migrationStep({
    slug: 'fill-next',
    title: t('Fill {0}', name),
    action: t(
      'Runs the new query once and builds the indexes. Nobody reads it yet; {0} is read meanwhile.',
      formatQualifiedName(table.name),
    ),
    forward: [
      silenced(
        'refresh-materialized-view',
        t('Nobody reads it before it has the name.'),
        `REFRESH MATERIALIZED VIEW ${name}`,
      ),
    ],
    rollback: [
      silenced(
        'refresh-materialized-view',
        t('Nobody reads it before it has the name.'),
        `REFRESH MATERIALIZED VIEW ${name} WITH NO DATA`,
      ),
    ],
    holds: [`EXISTS (SELECT FROM pg_catalog.pg_class WHERE oid = ${regclass(next)} AND relispopulated)`],
    expectation: t('{0} has been filled.', name),
    forecast: stepForecast('AccessExclusiveLock', 'rewrite', table, next),
  });
}

function swapStep(parts: Parts): StepDraft {
  const { table, view, next, kept } = parts;
  const relation = formatQualifiedName(table.name);
  const own = view.indexes.map(({ name }) => name.name);
  // Readers of a view lock it before what it reads: locks in another order would stand against theirs.
  const first = view.views.map(
    ({ name, owner }) => `ALTER VIEW ${formatQualifiedName(name)} OWNER TO ${formatIdentifier(owner)}`,
  );
  const again = view.views.map(
    ({ name, options, definition }) =>
      `CREATE OR REPLACE VIEW ${formatQualifiedName(name)}${storageClause(options ?? [])} AS\n${definition.replace(/;\s*$/, '')}`,
  );
  return migrationStep({
    slug: 'exchange',
    title: t('Let the new one be {0}', relation),
    action:
      t(
        'The names change in one short transaction: whoever reads waits for it, and then reads the new one.',
      ) + (again.length === 0 ? '' : ' ' + t('Views that read it are pointed to the new one.')),
    forward: [
      ...first,
      ...renamed(table.name, kept.name, own, parts.keptIndexes),
      ...renamed(next, table.name.name, parts.nextIndexes, own),
      ...again,
    ],
    rollback: [
      ...first,
      ...renamed(table.name, next.name, own, parts.nextIndexes),
      ...renamed(kept, table.name.name, parts.keptIndexes, own),
      ...again,
    ],
    holds: [`${regclass(kept)} IS NOT NULL`, `${regclass(next)} IS NULL`],
    expectation: t('{0} is the new one; the one before is {1}.', relation, formatQualifiedName(kept)),
    forecast: stepForecast('AccessExclusiveLock', 'catalog', table),
  });
}

function renamed(
  view: QualifiedName,
  to: string,
  indexes: readonly string[],
  indexesTo: readonly string[],
): string[] {
  return [
    silenced(
      'rename-table-or-schema',
      t('The other one takes the name in the same transaction.'),
      `ALTER MATERIALIZED VIEW ${formatQualifiedName(view)} RENAME TO ${formatIdentifier(to)}`,
    ),
    ...indexes.map(
      (name, place) =>
        `ALTER INDEX ${formatQualifiedName({ schema: view.schema, name })} RENAME TO ${formatIdentifier(indexesTo[place]!)}`,
    ),
  ];
}

function unusedStep({ kept }: Parts): StepDraft {
  const sql =
    `SELECT count(*) = 0 AS holds, coalesce(string_agg(found.name, '; '), ${quoteLiteral(t('nothing does'))}) AS detail\n` +
    `  FROM ((${dependentsOfTable(kept)}) UNION (${routinesOfTable(kept)})) AS found`;
  return checkStep({
    slug: 'check-unused',
    title: t('See whether {0} is used', formatQualifiedName(kept)),
    action: t('What depends on it keeps it from going.'),
    checks: [{ id: 'no-dependents', title: t('Nothing depends on {0}', formatQualifiedName(kept)), sql }],
    verification: { sql: allHold([sql]), expectation: t('Nothing in the database needs it.') },
    forecast: null,
  });
}

function dropStep(parts: Parts): StepDraft {
  const { table, view, kept } = parts;
  const name = formatQualifiedName(kept);
  return migrationStep({
    slug: 'drop-before',
    title: t('Drop {0}', name),
    action: t('It has nothing that its query would not give again.'),
    forward: [`DROP MATERIALIZED VIEW ${name}`],
    rollback: [
      ...makeMaterializedView({
        name: kept,
        query: view.definition,
        columns: table.columns.map((column) => column.name),
        indexNames: parts.keptIndexes,
        like: view,
        table,
        retyped: [],
      }),
      ...(view.populated ? [`REFRESH MATERIALIZED VIEW ${name}`] : []),
    ],
    holds: [`${regclass(kept)} IS NULL`],
    expectation: t('There is no {0}.', name),
    forecast: stepForecast('AccessExclusiveLock', 'catalog', table, kept),
  });
}
