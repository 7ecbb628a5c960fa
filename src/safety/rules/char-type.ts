import { t } from '../../messages/translate';
import { newColumns, otherType, typeName } from '../reading/new-columns';
import type { Rule } from '../rule';

export const charType: Rule = {
  id: 'char-type',
  title: 'A new column of type char(n)',
  severity: 'info',
  on: ['CreateStmt', 'AT_AddColumn'],
  since: null,
  until: null,
  why: 'PostgreSQL fills char(n) values up with blanks, keeps those, and ignores them in comparisons, which surprises patterns and concatenation. It is neither faster nor smaller than text.',
  url: 'https://www.postgresql.org/docs/current/datatype-character.html',
  bad: {
    before: '',
    sql: 'create table countries (code char(2), name text);',
  },
  good: {
    before: '',
    sql: 'create table countries (code text check (length(code) = 2), name text);',
  },
  check(context) {
    return newColumns(context).flatMap((column) => {
      const { definition } = column;
      if (typeName(definition) !== 'bpchar' || !definition.typeName?.typmods) return [];
      const message = t(
        'char(n) fills the values of {0}.{1} up with blanks. Use text, with a CHECK where the length matters.',
        column.table,
        column.name,
      );
      const array = (definition.typeName.arrayBounds?.length ?? 0) > 0;
      const fix = array ? null : otherType(context, column, t('Use text'), () => 'text');
      return [{ message, fix }];
    });
  },
};
