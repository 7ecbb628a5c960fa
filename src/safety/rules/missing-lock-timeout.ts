import { t } from '../../messages/translate';
import { asKind } from '../../sql/tree';
import { relationLabel } from '../forecast/describe-forecast';
import type { Forecast } from '../forecast';
import type { Rule } from '../rule';

export const missingLockTimeout: Rule = {
  id: 'missing-lock-timeout',
  title: 'Waiting for a lock without a limit',
  severity: 'info',
  since: null,
  until: null,
  why: 'A statement that waits for a strong lock makes everybody behind it wait too, also readers, for as long as some old transaction lasts. With a short lock_timeout it gives up and can be tried again.',
  url: 'https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-LOCK-TIMEOUT',
  bad: {
    before: 'create table orders (id int primary key);',
    sql: 'alter table orders add column note text;',
  },
  good: {
    before: 'create table orders (id int primary key);',
    sql: "set lock_timeout = '500ms'; alter table orders add column note text;",
  },
  check({ statement, forecast, script }) {
    if (!queuesOthers(forecast) || script.earlier.some(queuesOthers)) return [];
    const before = script.statements.slice(0, statement.index);
    if (before.some((each) => asKind(each.node, 'VariableSetStmt')?.name === 'lock_timeout')) return [];
    const message = t(
      'While this waits for its lock on {0}, everybody else waits behind it. Write SET lock_timeout before it, and try again when it gives up.',
      forecast.locks.map((lock) => relationLabel(lock.relation)).join(', '),
    );
    return [{ message, fix: null }];
  },
};

/** CONCURRENTLY waits too, but under a lock that lets reads and writes pass. */
function queuesOthers(forecast: Forecast): boolean {
  return forecast.blocks.includes('writes');
}
