import { t } from '../../messages/translate';
import type { Forecast } from '../forecast';
import { relationLabels } from '../forecast/describe-forecast';
import type { KnownSchema } from '../known-schema';
import { moveLater } from '../reading/move-later';
import { earlierInTransaction } from '../reading/strong-locks';
import type { Rule } from '../rule';

export const statementAfterAccessExclusive: Rule = {
  id: 'statement-after-access-exclusive',
  title: 'Long work in a transaction that already blocks everybody',
  severity: 'warning',
  since: null,
  until: null,
  yieldsTo: ['mixed-schema-and-data', 'validate-in-same-transaction'],
  why: 'An ACCESS EXCLUSIVE lock is held until the transaction ends, not until its statement does. Everything that reads or changes rows afterwards makes all users of the locked table wait as long.',
  url: 'https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES',
  bad: {
    before:
      'create table customers (id int primary key); create table orders (id int primary key, amount int); alter table orders add constraint positive check (amount > 0) not valid;',
    sql: 'alter table customers add column note text; alter table orders validate constraint positive;',
    transaction: 'wrapped',
  },
  good: {
    before:
      'create table customers (id int primary key); create table orders (id int primary key, amount int); alter table orders add constraint positive check (amount > 0) not valid;',
    sql: 'alter table orders validate constraint positive;',
    transaction: 'wrapped',
  },
  check(context) {
    const { statement, forecast, schema, script } = context;
    if (!takesLong(forecast)) return [];
    // A table that the statement locks as strongly itself is the business of the rules on what it does there.
    const own = lockedFromAll(forecast);
    const held = new Set<string>();
    for (const each of earlierInTransaction(script, statement.index)) {
      if (!each.blocks.includes('reads')) continue;
      for (const relation of usedByOthers(schema, lockedFromAll(each)))
        if (!own.includes(relation)) held.add(relation);
    }
    if (held.size === 0) return [];
    const message = t(
      'This runs while the transaction still holds ACCESS EXCLUSIVE on {0}, so that nobody can use it until this is done. Put it into a migration of its own.',
      relationLabels([...held]),
    );
    return [{ message, fix: moveLater(context, t('Do this in the next migration')) }];
  },
};

function lockedFromAll({ locks }: Forecast): string[] {
  return locks.filter((lock) => lock.mode === 'AccessExclusiveLock').map((lock) => lock.relation);
}

/** Without sequences, and without what went with a table that is still there. */
function usedByOthers({ relations }: KnownSchema, locked: readonly string[]): readonly string[] {
  const known = locked.filter((key) => relations.has(key));
  return known.length > 0 ? known.filter((key) => relations.get(key)!.kind !== 'sequence') : locked;
}

function takesLong(forecast: Forecast): boolean {
  const changesRows = /^(Update|Delete|Merge)Stmt$/.test(forecast.kind) && forecast.locks.length > 0;
  return (
    changesRows || forecast.work === 'scan' || forecast.work === 'index-build' || forecast.work === 'rewrite'
  );
}
