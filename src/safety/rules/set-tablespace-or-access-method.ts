import { t } from '../../messages/translate';
import { asKind } from '../../sql/tree';
import { relationLabel } from '../forecast/describe-forecast';
import { relationKey } from '../known-schema';
import { alteredTable, commandsOf } from '../reading/commands';
import { commandForecast } from '../reading/command-forecast';
import type { Rule, RuleContext } from '../rule';

export const setTablespaceOrAccessMethod: Rule = {
  id: 'set-tablespace-or-access-method',
  title: 'Moving a table to another tablespace or access method',
  severity: 'error',
  on: ['AT_SetTableSpace', 'AT_SetAccessMethod', 'AlterTableMoveAllStmt'],
  since: null,
  until: null,
  why: 'SET TABLESPACE copies the table, and SET ACCESS METHOD writes it and its indexes anew, under ACCESS EXCLUSIVE. Nobody can read or write the table for as long as that takes, nor plan a query of it while one of its indexes is copied.',
  url: 'https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-TABLESPACE',
  bad: {
    before:
      'create access method switchback_heap type table handler heap_tableam_handler; create table orders (id int primary key);',
    sql: 'alter table orders set access method switchback_heap;',
    since: 15,
  },
  good: {
    before: 'create table orders (id int primary key);',
    sql: 'create table orders_new (like orders including all) using heap;',
  },
  check(context) {
    const all = asKind(context.statement.node, 'AlterTableMoveAllStmt');
    if (all)
      return [
        {
          message: t(
            'All that is in the tablespace {0} is copied in one transaction, each under ACCESS EXCLUSIVE until the end. Move one after the other, each in a quiet hour.',
            all.orig_tablespacename ?? '',
          ),
          fix: null,
        },
      ];
    const index = movedIndex(context);
    if (index !== null)
      return [
        {
          message: t(
            'The index {0} is copied under ACCESS EXCLUSIVE, and no query of its table is planned meanwhile. From PostgreSQL 14 REINDEX (TABLESPACE ..., CONCURRENTLY) moves it beside queries; before, create another one there and drop this one.',
            index,
          ),
          fix: null,
        },
      ];
    const table = alteredTable(context);
    if (!table) return [];
    return (['AT_SetTableSpace', 'AT_SetAccessMethod'] as const).flatMap((subtype) =>
      commandsOf(context, subtype)
        .filter((command) => commandForecast(context, command).work === 'rewrite')
        .map(() => ({
          message: t(
            'All of {0} is written anew while nobody can use it. Make a new table there and copy the rows in batches, or use pg_repack.',
            table,
          ),
          fix: null,
        })),
    );
  },
};

/** The index that is copied, as people write it; null for anything else, and for one that nobody uses yet. */
function movedIndex({ statement, forecast, schema }: RuleContext): string | null {
  const alter = asKind(statement.node, 'AlterTableStmt');
  return alter?.objtype === 'OBJECT_INDEX' && forecast.work === 'rewrite'
    ? relationLabel(relationKey(schema, alter.relation))
    : null;
}
