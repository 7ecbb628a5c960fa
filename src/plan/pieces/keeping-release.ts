import { t } from '../../messages/translate';
import { formatQualifiedName } from '../../sql/identifier';
import type { PlanOptions } from '../plan';
import { stepForecast } from '../step-forecast';
import type { TableFacts } from '../../catalog/table-facts';
import { checkStep, deployStep, waitStep } from './plain-steps';
import { regclass } from './sql-text';
import type { PhaseDraft, StepDraft } from './step-draft';
import { noneCounted } from './counted-detail';

export interface NewRule {
  table: TableFacts;
  /** What is to hold of every row, as a noun: `the check orders_amount_check`. */
  rule: string;
  /** What the application must not do any more, in whole sentences. */
  instructions: string;
  /** SQL that lists what breaks the rule. */
  query: string;
  options: PlanOptions;
}

/**
 * The phase before a rule is put in place: the release that keeps to it, and the time others have to follow. A rule
 * refuses old code's writes from its first moment, long before existing rows are proved, so it comes in contract.
 */
export function keepingPhase({ table, rule, instructions, options }: NewRule): PhaseDraft {
  return {
    name: 'migrate',
    goal: t('Whoever writes {0} keeps to what is going to be required.', formatQualifiedName(table.name)),
    steps: [
      deployStep({
        slug: 'release-keeping',
        title: t('Release the application that keeps to {0}', rule),
        action: t('From this release on no writer does what will be refused.'),
        instructions,
        rollbackInstructions: t('Release the previous version again: nothing of what it writes is refused.'),
        holds: [`${regclass(table.name)} IS NOT NULL`],
        expectation: t(
          'The table {0} is there; that its rows keep to the rule is proved before it is put in place.',
          formatQualifiedName(table.name),
        ),
      }),
      waitStep(
        options.deprecationDays,
        t('Writers that do not keep to it still work.'),
        t('Jobs that run monthly and people with scripts of their own may still write what will be refused.'),
      ),
    ],
  };
}

/** Counts what breaks the rule once more, right before it is put in place. */
export function keptCheck({ table, rule, query }: NewRule): StepDraft {
  return checkStep({
    slug: 'check-rows',
    title: t('See that every row keeps to {0}', rule),
    action: t('Reads the table once and changes nothing.'),
    checks: [
      {
        id: 'rows-keep-to-it',
        title: t('Nothing in {0} breaks {1}', formatQualifiedName(table.name), rule),
        sql: `SELECT ${noneCounted(t('places that break it'))}\n` + `  FROM (${query}) AS found`,
      },
    ],
    verification: {
      sql: `SELECT NOT EXISTS (${query}) AS holds`,
      expectation: t('Nothing breaks the rule.'),
    },
    forecast: stepForecast('AccessShareLock', 'scan', table),
  });
}
