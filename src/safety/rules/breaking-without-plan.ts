import { t } from '../../messages/translate';
import { relationLabel } from '../forecast/describe-forecast';
import { isDeprecationRecorded } from '../reading/deprecation';
import type { Rule } from '../rule';

export const breakingWithoutPlan: Rule = {
  id: 'breaking-without-plan',
  title: 'A change that running code does not survive, without a plan',
  severity: 'info',
  since: null,
  until: null,
  yieldsTo: [
    'adding-required-column',
    'drop-column',
    'drop-schema',
    'drop-table',
    'drop-view',
    'dropping-without-deprecation',
    'rename-column',
    'rename-enum-value',
    'rename-schema',
    'rename-table',
    'rename-view',
    'set-schema',
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
    plan: { kind: 'step', plan: '20250101-amounts', phase: 'contract', deprecationDays: 30 },
  },
  check(context) {
    const { forecast, script } = context;
    if (forecast.compatible || script.plan?.kind !== 'none' || script.direction === 'down') return [];
    if (isDeprecationRecorded(context)) return [];
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
