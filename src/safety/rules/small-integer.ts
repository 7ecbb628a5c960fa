import { t } from '../../messages/translate';
import { newColumns, otherType, typeName } from '../reading/new-columns';
import type { Rule } from '../rule';

export const smallInteger: Rule = {
  id: 'small-integer',
  title: 'A new integer column narrower than bigint',
  severity: 'info',
  on: ['CreateStmt', 'AT_AddColumn'],
  since: null,
  until: null,
  optIn: true,
  why: 'A column that turns out too narrow can only be widened by writing the table anew. Four bytes saved per row are seldom worth that.',
  url: 'https://www.postgresql.org/docs/current/datatype-numeric.html#DATATYPE-INT',
  bad: {
    before: 'create table orders (id bigint primary key);',
    sql: 'alter table orders add column quantity smallint;',
  },
  good: {
    before: 'create table orders (id bigint primary key);',
    sql: 'alter table orders add column quantity bigint;',
  },
  check(context) {
    return newColumns(context).flatMap((column) => {
      const type = typeName(column.definition);
      if (type !== 'int2' && type !== 'int4') return [];
      const message = t(
        'Widening {0}.{1} later means writing the table anew. Use bigint.',
        column.table,
        column.name,
      );
      const array = (column.definition.typeName?.arrayBounds?.length ?? 0) > 0;
      return [{ message, fix: array ? null : otherType(context, column, t('Use bigint'), () => 'bigint') }];
    });
  },
};
