import { t } from '../../messages/translate';
import type { Forecast } from '../forecast';
import { relationLabel } from '../forecast/describe-forecast';
import { moveLater } from '../reading/move-later';
import { earlierInTransaction } from '../reading/strong-locks';
import type { Rule } from '../rule';

export const mixedSchemaAndData: Rule = {
  id: 'mixed-schema-and-data',
  title: 'Schema and data changed in one transaction',
  severity: 'warning',
  since: null,
  until: null,
  why: 'The lock of the schema change is held while the rows are changed, and the rows stay locked until both are committed. In migrations of their own each is short, and each can be rolled back alone.',
  url: 'https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES',
  bad: {
    before: 'create table orders (id int primary key, note text);',
    sql: 'alter table orders add column code text; update orders set code = note where code is null;',
    transaction: 'wrapped',
  },
  good: {
    before: 'create table orders (id int primary key, note text);',
    sql: 'alter table orders add column code text; comment on column orders.code is $$new$$;',
    transaction: 'wrapped',
  },
  check(context) {
    const { statement, forecast, script } = context;
    const kind = kindOfChange(forecast);
    if (kind === null) return [];
    const together = earlierInTransaction(script, statement.index);
    if (together.some((each) => kindOfChange(each) === kind)) return [];
    const other = together.find((each) => kindOfChange(each) !== null);
    if (!other) return [];
    const relation = relationLabel((kind === 'schema' ? forecast : other).locks[0]?.relation ?? '');
    const message = t(
      'Rows are changed in the transaction that also changes the schema of {0}, so that its lock lasts as long as both. Put the data change into a migration of its own.',
      relation,
    );
    const title = t('Change the rows in the next migration');
    return [{ message, fix: kind === 'data' ? moveLater(context, title) : null }];
  },
};

function kindOfChange(forecast: Forecast): 'schema' | 'data' | null {
  if (/^(Insert|Update|Delete|Merge)Stmt$/.test(forecast.kind)) {
    return forecast.kind !== 'InsertStmt' && forecast.locks.some((lock) => lock.mode === 'RowExclusiveLock')
      ? 'data'
      : null;
  }
  return forecast.blocks.includes('writes') && forecast.kind !== 'LockStmt' ? 'schema' : null;
}
