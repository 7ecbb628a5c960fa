import { duplicatesOfIndex, indexDefinition, type AddIndex } from '../../assess/changes/add-index';
import { t } from '../../messages/translate';
import { indexedTable, indexSteps, type NewIndex } from '../pieces/concurrent-index';
import { keepingPhase, keptCheck, type NewRule } from '../pieces/keeping-release';
import { recipePlan, type RecipeDraft } from '../pieces/recipe-plan';
import { serverName } from '../pieces/server-name';
import type { Recipe, RecipeContext } from '../recipe';

/**
 * Builds an index CONCURRENTLY, leaf by leaf on a partitioned table. A unique one refuses writes from its first moment:
 * it comes in contract, after the release that keeps to it.
 * https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY
 */
export const addIndexRecipe: Recipe<AddIndex> = {
  id: 'add-index',
  blockers: () => [],
  phases: (context) => recipePlan({ ...phasesOf(context), noReturn: null }),
};

function phasesOf(context: RecipeContext<AddIndex>): Pick<RecipeDraft, 'phases'> {
  const { change, assessment } = context;
  const on = indexedTable(assessment);
  const addition = additionOf(change);
  const index: NewIndex = {
    name: change.name ?? serverName(change.table.name, addition, 'idx', on.taken),
    unique: change.unique,
    definition: indexDefinition(change),
    addition,
    label: 'idx',
  };
  const steps = indexSteps(on, index);
  if (!change.unique) {
    return {
      phases: [
        { name: 'expand', goal: t('The index is there and valid.'), steps },
        { name: 'migrate', goal: t('Nothing has to move.'), steps: [] },
        { name: 'contract', goal: t('Nothing is left to remove.'), steps: [] },
      ],
    };
  }
  const rule = ruleOf(context, index.name);
  return {
    phases: [
      { name: 'expand', goal: t('Nothing has to be there before.'), steps: [] },
      keepingPhase(rule),
      {
        name: 'contract',
        goal: t('Two rows with the same key are refused.'),
        steps: [keptCheck(rule), ...steps],
      },
    ],
  };
}

function ruleOf({ change, assessment: { table }, options }: RecipeContext<AddIndex>, name: string): NewRule {
  return {
    table,
    rule: t('the unique index {0}', name),
    instructions: t(
      'Make sure that no writer gives two rows the same {0}, or is ready for the error that follows, and release it to all instances.',
      change.columns?.join(', ') ?? change.expression ?? '',
    ),
    query: duplicatesOfIndex(change, table),
    options,
  };
}

/** What PostgreSQL puts between the table's name and `idx`: the columns, or the function of an expression. */
function additionOf({ columns, expression }: AddIndex): string {
  if (columns !== null) return columns.join('_');
  return /^\s*(?:\w+\.)?([A-Za-z_]\w*)\s*\(/.exec(expression ?? '')?.[1]?.toLowerCase() ?? 'expr';
}
