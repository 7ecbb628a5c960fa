import { namesOf } from '../../assess/column-replacement';
import { t } from '../../messages/translate';
import { formatQualifiedName } from '../../sql/identifier';
import { backfillForecast, stepForecast } from '../step-forecast';
import { checkStep } from './plain-steps';
import { stillToCompute, type ReplacementParts } from './replacement-parts';
import type { StepDraft } from './step-draft';
import { backfillWalk } from './walk';
import { noneCounted } from './counted-detail';

/** The new values of the rows that were there before, and the proof that every row has them. */
export function replacementFill(parts: ReplacementParts): StepDraft[] {
  const { table, options, new: added } = parts;
  const relation = formatQualifiedName(table.name);
  const pending = stillToCompute(parts);
  const verification = {
    sql: `SELECT NOT EXISTS (SELECT FROM ${relation} WHERE ${pending}) AS holds`,
    expectation: t('Every row has what the expressions give.'),
  };
  const names = namesOf(added);
  return [
    {
      slug: 'backfill',
      kind: 'backfill',
      title: t('Fill {0}', names),
      action: t(
        'Computes the values of every row that was there before, in small batches. The trigger leaves {0} alone then.',
        namesOf(parts.old),
      ),
      backfill: {
        table: table.name,
        assignments: added.map(({ column, expression }) => ({ column, expression: `(${expression})` })),
        pending,
        walk: backfillWalk(
          table,
          [...parts.old, ...added].map(({ column }) => column),
        ),
        estimatedRows: Math.max(0, Math.round(table.rows.count)),
      },
      rollback: {
        kind: 'nothing',
        why: t('The columns go with the rollback of the step that added them.'),
      },
      verification,
      forecast: backfillForecast(table, options.batchMilliseconds),
    },
    checkStep({
      slug: 'check-computed',
      title: t('Compare {0} with {1} on every row', names, namesOf(parts.old)),
      action: t('Reads the whole table once.'),
      checks: [
        {
          id: 'computed',
          title: t('Every row has what {0} gives', added.map(({ expression }) => expression).join(', ')),
          sql: `SELECT ${noneCounted(t('rows that differ'))}\n  FROM ${relation}\n WHERE ${pending}`,
        },
      ],
      verification,
      forecast: stepForecast('AccessShareLock', 'scan', table),
    }),
  ];
}
