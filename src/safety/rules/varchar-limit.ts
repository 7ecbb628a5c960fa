import { t } from '../../messages/translate';
import { newColumns, otherType, typeName } from '../reading/new-columns';
import type { Rule } from '../rule';

export const varcharLimit: Rule = {
  id: 'varchar-limit',
  title: 'A new column of type varchar(n)',
  severity: 'info',
  on: ['CreateStmt', 'AT_AddColumn'],
  since: null,
  until: null,
  optIn: true,
  why: 'The limit of a varchar(n) is part of its type, and making it smaller writes the table anew. A CHECK on a text column can be exchanged without that.',
  url: 'https://www.postgresql.org/docs/current/datatype-character.html',
  bad: {
    before: 'create table orders (id bigint primary key);',
    sql: 'alter table orders add column code varchar(20);',
  },
  good: {
    before: 'create table orders (id bigint primary key);',
    sql: 'alter table orders add column code text;',
  },
  check(context) {
    return newColumns(context).flatMap((column) => {
      const { definition } = column;
      if (typeName(definition) !== 'varchar' || !definition.typeName?.typmods) return [];
      const message = t(
        'The limit of {0}.{1} is part of its type. Use text, with a CHECK where the length matters.',
        column.table,
        column.name,
      );
      const array = (definition.typeName.arrayBounds?.length ?? 0) > 0;
      return [{ message, fix: array ? null : otherType(context, column, t('Use text'), () => 'text') }];
    });
  },
};
