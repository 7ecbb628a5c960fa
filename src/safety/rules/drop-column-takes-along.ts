import { t } from '../../messages/translate';
import { asKind } from '../../sql/tree';
import { relationKey, type KnownRelation } from '../known-schema';
import { alteredTable, commandsOf } from '../reading/commands';
import type { Rule } from '../rule';

export const dropColumnTakesAlong: Rule = {
  id: 'drop-column-takes-along',
  title: 'Dropping a column takes indexes and constraints of other columns along',
  severity: 'warning',
  on: ['AT_DropColumn'],
  since: null,
  until: null,
  why: 'Every index and constraint that mentions the column goes with it without a word, those over several columns too. Queries lose their index and the other columns their uniqueness or their check.',
  url: 'https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-DROP-COLUMN',
  bad: {
    before:
      'create table orders (id int primary key, shop int, number int, constraint one_number unique (shop, number));',
    sql: 'alter table orders drop column shop;',
  },
  good: {
    before:
      'create table orders (id int primary key, shop int, number int, constraint one_shop unique (shop));',
    sql: 'alter table orders drop column shop;',
  },
  check(context) {
    const table = alteredTable(context);
    if (!table || context.script.direction === 'down') return [];
    const key = relationKey(context.schema, asKind(context.statement.node, 'AlterTableStmt')?.relation);
    const relation = context.schema.relations.get(key);
    const commands = commandsOf(context, 'AT_DropColumn');
    const gone = commands.map((command) => command.name ?? '');
    return commands.flatMap((command) => {
      const taken = relation ? takenAlong(relation, command.name ?? '', gone) : [];
      if (taken.length === 0) return [];
      const message = t(
        'Dropping {0}.{1} also drops {2}, which other columns are part of. Make what they still need without the column first.',
        table,
        command.name ?? '',
        taken.join(', '),
      );
      return [{ message, fix: null }];
    });
  },
};

/** Names of indexes and constraints over the column and others that stay. */
function takenAlong(relation: KnownRelation, column: string, gone: readonly string[]): string[] {
  const shared = (columns: readonly string[]): boolean =>
    columns.includes(column) && columns.some((each) => each !== '' && !gone.includes(each));
  const names = [
    ...relation.constraints.filter((each) => shared(each.columns)).map((each) => each.name),
    ...relation.indexes.filter((each) => shared(each.uses)).map((each) => each.name),
  ];
  return [...new Set(names)];
}
