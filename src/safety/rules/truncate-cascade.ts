import type { TruncateStmt } from '@pgsql/types';
import { t } from '../../messages/translate';
import { dottedNameAt, tokens } from '../../sql/tokens';
import { asKind } from '../../sql/tree';
import type { FixProposal } from '../fix-proposal';
import { relationLabel } from '../forecast/describe-forecast';
import { relationKey } from '../known-schema';
import { descendants } from '../known-neighbours';
import { isUnseen } from '../reading/commands';
import type { Rule, RuleContext } from '../rule';

export const truncateCascade: Rule = {
  id: 'truncate-cascade',
  title: 'Emptying a table and all that point at it',
  severity: 'error',
  on: ['TruncateStmt'],
  since: null,
  until: null,
  why: 'TRUNCATE with CASCADE also empties every table with a foreign key to the named one, and those that point at them, without naming any. A foreign key somebody adds later widens what it removes.',
  url: 'https://www.postgresql.org/docs/current/sql-truncate.html',
  bad: {
    before:
      'create table customers (id int primary key); create table orders (id int primary key, customer_id int references customers);',
    sql: 'truncate customers cascade;',
  },
  good: {
    before:
      'create table customers (id int primary key); create table orders (id int primary key, customer_id int references customers);',
    sql: 'truncate customers, orders;',
  },
  check(context) {
    const { statement, schema, forecast, script } = context;
    const truncated = asKind(statement.node, 'TruncateStmt');
    if (truncated?.behavior !== 'DROP_CASCADE' || script.direction === 'down') return [];
    const named = (truncated.relations ?? []).map((node) =>
      relationKey(schema, asKind(node, 'RangeVar') ?? undefined),
    );
    if (named.every((key) => isUnseen(context, key))) return [];
    // Partitions and inheriting tables are emptied with or without CASCADE.
    const own = new Set(named.flatMap((key) => [key, ...descendants(schema, key)]));
    const more = forecast.locks
      .filter(({ relation, mode }) => mode === 'AccessExclusiveLock' && !own.has(relation))
      .map(({ relation }) => relation)
      .filter((relation) => /^(table|partitioned)$/.test(schema.relations.get(relation)?.kind ?? ''));
    const tables = named.map(relationLabel).join(', ');
    const message =
      more.length > 0
        ? t(
            'This empties {1} as well as {0}, for good. Name every table that may be emptied, and leave CASCADE out.',
            tables,
            more.map(relationLabel).join(', '),
          )
        : t(
            'This empties every table that points at {0} too, for good. Name every table that may be emptied, and leave CASCADE out.',
            tables,
          );
    return [{ message, fix: more.length > 0 ? byName(context, truncated, more) : null }];
  },
};

/** All tables by name, without CASCADE: a foreign key that nobody knew of then makes it fail instead of emptying more. */
function byName(
  { statement, script }: RuleContext,
  truncated: TruncateStmt,
  more: readonly string[],
): FixProposal | null {
  const { text, start } = statement;
  const last = asKind(truncated.relations?.at(-1), 'RangeVar')?.location;
  const name = last === undefined ? undefined : dottedNameAt(script.sql, last).at(-1);
  const cascade = [...tokens(text)].at(-1);
  if (!name || !cascade || !/^cascade$/i.test(cascade.text)) return null;
  const end = name.end + (/^\s*\*/.exec(script.sql.slice(name.end))?.[0].length ?? 0);
  const blanks = /\s*$/.exec(text.slice(0, cascade.start))![0].length;
  return {
    kind: 'edit',
    title: t('Name the tables that are emptied'),
    edits: [
      { start: end, end, newText: `, ${more.join(', ')}` },
      { start: start.offset + cascade.start - blanks, end: start.offset + cascade.end, newText: '' },
    ],
    follows: [],
  };
}
