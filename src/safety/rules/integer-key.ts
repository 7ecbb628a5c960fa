import type { Constraint } from '@pgsql/types';
import { t } from '../../messages/translate';
import { keyKinds, newColumns, otherType, typeName } from '../reading/new-columns';
import type { Rule } from '../rule';

const wider: Record<string, string> = {
  int2: 'bigint',
  int4: 'bigint',
  serial: 'bigserial',
  serial4: 'bigserial',
  smallserial: 'bigserial',
  serial2: 'bigserial',
};
const given: readonly Constraint['contype'][] = ['CONSTR_FOREIGN'];

export const integerKey: Rule = {
  id: 'integer-key',
  title: 'A primary key that runs out of numbers',
  severity: 'info',
  on: ['CreateStmt', 'AT_AddColumn'],
  since: null,
  until: null,
  why: 'An integer key ends at 2,147,483,647 (a smallint at 32,767), and then every INSERT fails. Making it a bigint later means writing the table and all that point at it anew.',
  url: 'https://www.postgresql.org/docs/current/datatype-numeric.html#DATATYPE-INT',
  bad: {
    before: '',
    sql: 'create table orders (id int primary key, note text);',
  },
  good: {
    before: '',
    sql: 'create table orders (id bigint primary key, note text);',
  },
  check(context) {
    return newColumns(context).flatMap((column) => {
      const type = wider[typeName(column.definition)];
      const kinds = keyKinds(column);
      // A key that points at another table's has that one's type.
      if (!type || !column.ofNewTable || column.bound || kinds.some((kind) => given.includes(kind)))
        return [];
      if (!kinds.includes('CONSTR_PRIMARY')) return [];
      const message = t(
        'The key {0}.{1} runs out of numbers one day, and making it wider is hard by then. Use {2}.',
        column.table,
        column.name,
        type,
      );
      return [{ message, fix: otherType(context, column, t('Use {0}', type), () => type) }];
    });
  },
};
