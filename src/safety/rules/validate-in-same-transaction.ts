import { t } from '../../messages/translate';
import { relationLabel } from '../forecast/describe-forecast';
import { alteredTable, commandsOf } from '../reading/commands';
import { moveLater } from '../reading/move-later';
import { earlierInTransaction, stopsWrites } from '../reading/strong-locks';
import type { Rule } from '../rule';

export const validateInSameTransaction: Rule = {
  id: 'validate-in-same-transaction',
  title: 'VALIDATE while the transaction already stops writes',
  severity: 'error',
  on: ['AT_ValidateConstraint'],
  since: null,
  until: null,
  why: 'VALIDATE CONSTRAINT lets writes pass, but locks taken before it in the transaction stay until the end. After ADD CONSTRAINT with NOT VALID in the same transaction everybody waits for the scan, as if NOT VALID had never been written.',
  url: 'https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES',
  bad: {
    before: 'create table orders (id int primary key, amount int);',
    sql: 'alter table orders add constraint positive check (amount > 0) not valid; alter table orders validate constraint positive;',
    transaction: 'wrapped',
  },
  good: {
    before:
      'create table orders (id int primary key, amount int); alter table orders add constraint positive check (amount > 0) not valid;',
    sql: 'alter table orders validate constraint positive;',
    transaction: 'wrapped',
  },
  check(context) {
    const { statement, forecast, script } = context;
    if (!alteredTable(context) || commandsOf(context, 'AT_ValidateConstraint').length === 0) return [];
    const read = forecast.works.filter((work) => work.kind === 'scan').map((work) => work.relation);
    const held = [...earlierInTransaction(script, statement.index), forecast]
      .flatMap((each) => each.locks)
      .filter((lock) => stopsWrites(lock.mode) && read.includes(lock.relation))
      .map((lock) => relationLabel(lock.relation));
    if (held.length === 0) return [];
    const message = t(
      'All rows are read while this transaction stops writes to {0} with a lock it took before. Validate in the next migration.',
      [...new Set(held)].join(', '),
    );
    return [{ message, fix: moveLater(context, t('Validate in the next migration')) }];
  },
};
