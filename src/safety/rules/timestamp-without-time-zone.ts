import { t } from '../../messages/translate';
import { newColumns, otherType, typeArguments, typeName } from '../reading/new-columns';
import type { Rule } from '../rule';

export const timestampWithoutTimeZone: Rule = {
  id: 'timestamp-without-time-zone',
  title: 'A new column of type timestamp without time zone',
  severity: 'info',
  on: ['CreateStmt', 'AT_AddColumn'],
  since: null,
  until: null,
  why: 'A timestamp without time zone does not say which moment it is: sessions with different time zones write and read different moments as the same value. timestamptz takes the same eight bytes and keeps the moment.',
  url: 'https://www.postgresql.org/docs/current/datatype-datetime.html#DATATYPE-TIMEZONES',
  bad: {
    before: '',
    sql: 'create table events (happened timestamp(3) not null default now());',
  },
  good: {
    before: '',
    sql: 'create table events (happened timestamptz(3) not null default now());',
  },
  check(context) {
    return newColumns(context).flatMap((column) => {
      if (typeName(column.definition) !== 'timestamp') return [];
      const message = t(
        'The values of {0}.{1} do not say which moment they are. Use timestamptz.',
        column.table,
        column.name,
      );
      const fix = otherType(
        context,
        column,
        t('Use timestamptz'),
        (written) => `timestamptz${typeArguments(written)}`,
      );
      return [{ message, fix }];
    });
  },
};
