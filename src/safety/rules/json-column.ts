import { t } from '../../messages/translate';
import { newColumns, otherType, typeArguments, typeName } from '../reading/new-columns';
import type { Rule } from '../rule';

export const jsonColumn: Rule = {
  id: 'json-column',
  title: 'A new column of type json',
  severity: 'warning',
  on: ['CreateStmt', 'AT_AddColumn'],
  since: null,
  until: null,
  why: 'Values of type json cannot be compared, so SELECT DISTINCT, GROUP BY and UNION fail on every query that includes the column. Values of type jsonb can be, and are read without being parsed each time.',
  url: 'https://www.postgresql.org/docs/current/datatype-json.html',
  bad: {
    before: 'create table orders (id int primary key);',
    sql: 'alter table orders add column details json;',
  },
  good: {
    before: 'create table orders (id int primary key);',
    sql: 'alter table orders add column details jsonb;',
  },
  check(context) {
    return newColumns(context).flatMap((column) => {
      if (typeName(column.definition) !== 'json') return [];
      const message = t(
        'Values of type json cannot be compared: queries of {0} with DISTINCT, GROUP BY or UNION fail on {1}. Use jsonb.',
        column.table,
        column.name,
      );
      const fix = otherType(context, column, t('Use jsonb'), (written) => `jsonb${typeArguments(written)}`);
      return [{ message, fix }];
    });
  },
};
