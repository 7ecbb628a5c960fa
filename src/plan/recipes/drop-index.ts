import { indexOf, type DropIndex } from '../../assess/changes/drop-index';
import type { TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { formatIdentifier, quoteLiteral, type QualifiedName } from '../../sql/identifier';
import { dropIndexSlug, dropInvalid, dropPlain, dropWhole, indexIsThere } from '../pieces/index-end';
import { leavingPhase } from '../pieces/leaving-release';
import { checkStep } from '../pieces/plain-steps';
import { recipePlan } from '../pieces/recipe-plan';
import { holdsQuery, regclass } from '../pieces/sql-text';
import { lastUniqueSlug } from '../pieces/stand-in-index';
import type { PhaseDraft, StepDraft } from '../pieces/step-draft';
import type { Recipe, RecipeContext } from '../recipe';
import { stepForecast } from '../step-forecast';

/**
 * Drops an index CONCURRENTLY; that of a partitioned table refuses it and goes under a short lock. A unique one is
 * something code may rely on: it goes after a release.
 * https://www.postgresql.org/docs/current/sql-dropindex.html
 */
export const dropIndexRecipe: Recipe<DropIndex> = {
  id: 'drop-index',
  blockers: () => [],
  phases: (context) => {
    const { change, assessment } = context;
    const { name, unique } = indexOf(assessment.table, change.index);
    const drops = dropSteps(context);
    return recipePlan({
      phases: [
        { name: 'expand', goal: t('Nothing has to be there before.'), steps: [] },
        unique ? leaving(context, name) : { name: 'migrate', goal: t('Nothing has to move.'), steps: [] },
        {
          name: 'contract',
          goal: t('The index is gone.'),
          steps: [usageStep(assessment.table, name), ...drops],
        },
      ],
      noReturn: unique
        ? {
            slug: lastUniqueSlug(drops, dropIndexSlug),
            why: t(
              'From here on two rows may get the same key; where they do, the unique index cannot be built again.',
            ),
          }
        : null,
    });
  },
};

function leaving({ options }: RecipeContext<DropIndex>, name: QualifiedName): PhaseDraft {
  return leavingPhase({
    rule: t('the unique index {0}', formatIdentifier(name.name)),
    instructions: t(
      'Take ON CONFLICT clauses that need the index {0} out of the application, and let it see to it itself that keys are unique where that matters. Release it to all instances.',
      formatIdentifier(name.name),
    ),
    present: indexIsThere(name),
    options,
  });
}

/** How often it was used tells whether somebody misses it: for the reader, not to be held. */
function usageStep(table: TableFacts, name: QualifiedName): StepDraft {
  return checkStep({
    slug: 'index-usage',
    title: t('See how often {0} was used', formatIdentifier(name.name)),
    action: t('Replicas count for themselves: look there, too, where queries run on them.'),
    checks: [
      {
        id: 'index-scans',
        title: t('Scans of {0} since the statistics were reset', formatIdentifier(name.name)),
        sql:
          `SELECT true AS holds, ${quoteLiteral(`${t('scans')}: `)} || coalesce(sum(s.idx_scan), 0) || ${quoteLiteral(`, ${t('since')} `)} ||\n` +
          `       coalesce((SELECT stats_reset::text FROM pg_catalog.pg_stat_database WHERE datname = current_database()), ${quoteLiteral(t('the server was made'))}) AS detail\n` +
          `  FROM pg_catalog.pg_stat_all_indexes s\n` +
          // Of an index that is in no partition tree, the tree is empty.
          ` WHERE s.indexrelid = ${regclass(name)}\n` +
          `    OR s.indexrelid IN (SELECT relid FROM pg_catalog.pg_partition_tree(${regclass(name)}))`,
      },
    ],
    verification: {
      sql: holdsQuery(indexIsThere(name)),
      expectation: t('The index is still there.'),
    },
    forecast: stepForecast('AccessShareLock', 'none', table),
  });
}

function dropSteps({ change, assessment }: RecipeContext<DropIndex>): StepDraft[] {
  const { table, indexParts = [], takenNames = [] } = assessment;
  const { name, valid } = indexOf(table, change.index);
  const drop = { table, name };
  const [part] = indexParts;
  if (!valid || part === undefined) return [dropInvalid(drop)];
  return table.partitioning === null ? dropPlain(drop, part) : dropWhole(drop, indexParts, takenNames);
}
