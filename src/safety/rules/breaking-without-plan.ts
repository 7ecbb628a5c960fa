import { t } from '../../messages/translate';
import { asKind } from '../../sql/tree';
import { relationLabel } from '../forecast/describe-forecast';
import { isDeprecationRecorded } from '../reading/deprecation';
import { droppedKeys, isMadeByScript } from '../reading/made-names';
import type { Rule, RuleContext } from '../rule';

export const breakingWithoutPlan: Rule = {
  id: 'breaking-without-plan',
  title: 'A change that running code does not survive, without a plan',
  severity: 'info',
  since: null,
  until: null,
  yieldsTo: [
    'adding-required-column',
    'drop-column',
    'drop-column-still-required',
    'drop-database',
    'drop-schema',
    'drop-table',
    'dropping-without-deprecation',
    'rename-column',
    'rename-enum-value',
    'rename-table-or-schema',
  ],
  why: 'The application is never released in the same instant as the schema, so that one of its versions meets the other schema. A plan puts what old and new code both survive first, and the rest after the release.',
  url: 'https://www.postgresql.org/docs/current/ddl-alter.html',
  bad: {
    before: 'create type amount as (value int, currency text);',
    sql: 'alter type amount rename to money_amount;',
    plan: { kind: 'none' },
  },
  good: {
    before: 'create type amount as (value int, currency text);',
    sql: 'alter type amount rename to money_amount;',
    plan: { kind: 'step', plan: '20250101-amounts', phase: 'contract', deprecationDays: 30, timed: false },
  },
  check(context) {
    const { forecast, script } = context;
    if (forecast.compatible || script.plan?.kind !== 'none' || script.direction === 'down') return [];
    // It is a fact of the file, and said once.
    if (script.earlier.some((each) => !each.compatible)) return [];
    if (isDeprecationRecorded(context) || isReplaced(context)) return [];
    const tables = [...new Set(forecast.locks.map((lock) => relationLabel(lock.relation)))];
    const message =
      tables.length > 0
        ? t(
            'Code that still uses {0} as it was does not survive this, and no plan has this file. Plan it in phases.',
            tables.join(', '),
          )
        : t(
            'Code that was written before does not survive this, and no plan has this file. Plan it in phases.',
          );
    return [{ message, fix: null }];
  },
};

/** Dropped to be made anew: code meets it again after the migration. */
function isReplaced(context: RuleContext): boolean {
  const drop = asKind(context.statement.node, 'DropStmt');
  return drop !== null && droppedKeys(context.schema, drop).every((key) => isMadeByScript(context, key));
}
