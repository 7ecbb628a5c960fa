import type { Node, SelectStmt } from '@pgsql/types';
import { t } from '../../messages/translate';
import { asKind } from '../../sql/tree';
import { relationLabel } from '../forecast/describe-forecast';
import { relationKey } from '../known-schema';
import { isUnseen } from '../reading/commands';
import { earlierInTransaction, nameBefore, stopsWrites } from '../reading/strong-locks';
import { createdTrigger } from '../reading/triggers';
import type { Rule, RuleContext } from '../rule';

export const copyOfLiveTable: Rule = {
  id: 'copy-of-live-table',
  title: 'Copying a table that others write to',
  severity: 'warning',
  on: ['CreateTableAsStmt', 'InsertStmt'],
  since: null,
  until: null,
  why: 'The copy has the rows of the moment it began, and what others write to the table afterwards is not in it. A trigger that is there before the copy begins, or a lock that stops writes, keeps both equal.',
  url: 'https://www.postgresql.org/docs/current/transaction-iso.html#XACT-READ-COMMITTED',
  bad: {
    before: 'create table orders (id int primary key, note text);',
    sql: 'create table orders_new as select * from orders;',
  },
  good: {
    before: 'create table orders (id int primary key, note text);',
    sql: 'create temporary table orders_seen as select * from orders;',
  },
  check(context) {
    const copy = copyOf(context);
    if (!copy) return [];
    const { source, target } = copy;
    const relation = context.schema.relations.get(source);
    if (isUnseen(context, source) || (relation && !/^(table|partitioned)$/.test(relation.kind))) return [];
    if (isKeptEqual(context, source)) return [];
    const message = t(
      'What others write to {0} while and after this runs is not in {1}. Make a trigger on {0} first that writes to both, or LOCK TABLE {0} IN SHARE MODE in this transaction.',
      relationLabel(source),
      relationLabel(target),
    );
    return [{ message, fix: null }];
  },
};

/** CREATE TABLE AS, or INSERT into a table that this script makes, of all columns and rows of one table. */
function copyOf(context: RuleContext): { source: string; target: string } | null {
  const { statement, schema } = context;
  const create = asKind(statement.node, 'CreateTableAsStmt');
  const insert = asKind(statement.node, 'InsertStmt');
  if (create) {
    if (create.objtype === 'OBJECT_MATVIEW' || create.into?.skipData) return null;
    if (create.into?.rel?.relpersistence === 't') return null;
    const source = wholeTable(context, create.query);
    return source === null ? null : { source, target: relationKey(schema, create.into?.rel) };
  }
  if (!insert) return null;
  const target = relationKey(schema, insert.relation);
  const known = schema.relations.get(target);
  if (!known?.fresh || known.persistence === 'temporary') return null;
  const source = wholeTable(context, insert.selectStmt);
  return source === null ? null : { source, target };
}

/** The table a query gives every row of; null for others, which rarely stand in for their source. */
function wholeTable({ schema }: RuleContext, query: Node | undefined): string | null {
  const select: SelectStmt | null = asKind(query, 'SelectStmt');
  if (!select || select.fromClause?.length !== 1) return null;
  const table = asKind(select.fromClause[0], 'RangeVar');
  const isPart =
    select.whereClause ||
    select.groupClause ||
    select.distinctClause ||
    select.limitCount ||
    select.withClause;
  // Aggregates stand without bare columns where there is no GROUP BY.
  const fields = (select.targetList ?? []).flatMap(
    (target) => asKind(asKind(target, 'ResTarget')?.val, 'ColumnRef')?.fields ?? [],
  );
  const isCopy = fields.length > 1 || fields.some((field) => asKind(field, 'A_Star') !== null);
  return table && isCopy && !isPart ? relationKey(schema, table) : null;
}

function isKeptEqual({ statement, schema, script }: RuleContext, source: string): boolean {
  // Nobody else knows a table by the name that this script gave it.
  if (nameBefore(script, statement.index, source) !== source) return true;
  const locked = earlierInTransaction(script, statement.index).some((each) =>
    each.locks.some((lock) => lock.relation === source && stopsWrites(lock.mode)),
  );
  return (
    locked ||
    script.statements.slice(0, statement.index).some((each) => createdTrigger(schema, each)?.table === source)
  );
}
