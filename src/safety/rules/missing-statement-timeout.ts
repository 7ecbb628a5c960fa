import { t } from '../../messages/translate';
import { holdsOthersForItsWork } from '../forecast/effects';
import { relationLabels } from '../forecast/describe-forecast';
import { settingInForce } from '../reading/time-setting';
import type { Rule } from '../rule';

export const missingStatementTimeout: Rule = {
  id: 'missing-statement-timeout',
  title: 'Long work under a strong lock without a limit',
  severity: 'info',
  since: null,
  until: null,
  optIn: true,
  why: 'Work on every row under a strong lock takes as long as the table is big, and nothing ends it. A statement_timeout bounds how long others can be held up, and the transaction is rolled back.',
  url: 'https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-STATEMENT-TIMEOUT',
  bad: {
    before: 'create table orders (id int primary key, amount int);',
    sql: 'alter table orders alter column amount set not null;',
  },
  good: {
    before: 'create table orders (id int primary key, amount int);',
    sql: "set local statement_timeout = '10s'; alter table orders alter column amount set not null;",
  },
  check({ statement, forecast, script }) {
    if (!holdsOthersForItsWork(forecast)) return [];
    const limit = settingInForce(script, 'statement_timeout', statement.index);
    if (limit && limit.milliseconds > 0) return [];
    const message = t(
      'Nothing ends this when its work on {0} takes longer than others can wait. Set statement_timeout before it.',
      relationLabels(forecast.workOn),
    );
    return [{ message, fix: null }];
  },
};
