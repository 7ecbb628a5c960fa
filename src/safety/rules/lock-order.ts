import { t } from '../../messages/translate';
import { relationLabel } from '../forecast/describe-forecast';
import { insertBefore } from '../reading/script-edits';
import {
  earlierInTransaction,
  nameBefore,
  queuesOthers,
  rootTable,
  stopsWrites,
} from '../reading/strong-locks';
import { settingInForce } from '../reading/time-setting';
import type { Forecast } from '../forecast';
import type { KnownSchema } from '../known-schema';
import type { FixProposal } from '../fix-proposal';
import type { Statement } from '../../sql/statement';
import type { Rule, RuleScript } from '../rule';

/** With a shorter wait than PostgreSQL's deadlock_timeout the migration gives up first, and nobody else is ended. */
const deadlockMilliseconds = 1000;

export const lockOrder: Rule = {
  id: 'lock-order',
  title: 'Strong locks on several tables in one transaction',
  severity: 'warning',
  since: null,
  until: null,
  why: 'The first table stays locked while the transaction waits for the second, and a session that uses them in the other order waits for the first. PostgreSQL ends one of the two, which may be the one of the application.',
  url: 'https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-DEADLOCKS',
  bad: {
    before: 'create table orders (id int primary key); create table customers (id int primary key);',
    sql: 'alter table orders add column note text; alter table customers add column note text;',
    transaction: 'wrapped',
  },
  good: {
    before: 'create table orders (id int primary key); create table customers (id int primary key);',
    sql: "set local lock_timeout = '500ms'; alter table orders add column note text; alter table customers add column note text;",
    transaction: 'wrapped',
  },
  check({ statement, forecast, schema, script }) {
    if (!queuesOthers(forecast)) return [];
    const earlier = earlierInTransaction(script, statement.index).filter(queuesOthers);
    if (earlier.length === 0) return [];
    const tablesOf = (each: Forecast): string[] => strongTables(schema, script, [each]);
    const wanted = tablesOf(forecast);
    if (wanted.length === 0) return [];
    const first = earlier.find((each) => tablesOf(each).length > 0);
    if (!first) return [];
    const held = tablesOf(first);
    const added = wanted.filter((table) => !held.includes(table));
    if (added.length === 0) return [];
    // Said once for a transaction, where the second table comes.
    if (earlier.some((each) => tablesOf(each).some((table) => !held.includes(table)))) return [];
    const limit = settingInForce(script, 'lock_timeout', statement.index);
    if (limit && limit.milliseconds > 0 && limit.milliseconds < deadlockMilliseconds) return [];
    const message = t(
      'The transaction has locked {0} and now waits for {1}: a session that uses them in the other order deadlocks with it. Give each table a migration of its own, or set lock_timeout below a second.',
      held.map(relationLabel).join(', '),
      added.map(relationLabel).join(', '),
    );
    return [{ message, fix: limit ? null : limitFrom(script, script.statements[first.index]!) }];
  },
};

function limitFrom(script: RuleScript, first: Statement): FixProposal {
  return {
    kind: 'edit',
    title: t('Give up waiting after 500 ms'),
    edits: [insertBefore(script, first, ["SET LOCAL lock_timeout = '500ms';"])],
    follows: [],
  };
}

/** The tables, partitions as one with theirs, on which these forecasts stop writes. */
function strongTables(schema: KnownSchema, script: RuleScript, forecasts: readonly Forecast[]): string[] {
  const tables = forecasts
    // A way back drops what the way there made: nobody else uses it.
    .filter((each) => queuesOthers(each) && (script.direction === 'up' || each.kind !== 'DropStmt'))
    .flatMap(({ locks, kind, index }) =>
      locks
        .filter((lock) => stopsWrites(lock.mode) && isTable(schema, lock.relation, kind))
        .map((lock) => rootTable(schema, nameBefore(script, index, lock.relation))),
    );
  return [...new Set(tables)];
}

/** Of what is not known, only that which has to be a table. */
function isTable(schema: KnownSchema, key: string, kind: string): boolean {
  const known = schema.relations.get(key);
  if (known) return /^(table|partitioned)$/.test(known.kind);
  return /^(AlterTable|CreateTrig|Index|Lock|Truncate)Stmt$/.test(kind);
}
