import { t } from '../../messages/translate';
import type { Rule } from '../rule';
import { alteredTable, commandsOf } from '../reading/commands';

export const setNotNullScan: Rule = {
  id: 'set-not-null-scan',
  title: 'SET NOT NULL without a proof',
  severity: 'error',
  since: null,
  until: null,
  why: 'SET NOT NULL reads every row under ACCESS EXCLUSIVE to see that none is NULL. A validated CHECK (column IS NOT NULL) proves it beforehand, and is validated while writes go on.',
  url: 'https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-DROP-NOT-NULL',
  bad: {
    before: 'create table orders (id int primary key, note text);',
    sql: 'alter table orders alter column note set not null;',
  },
  good: {
    before:
      'create table orders (id int primary key, note text); alter table orders add constraint note_set check (note is not null) not valid; alter table orders validate constraint note_set;',
    sql: 'alter table orders alter column note set not null;',
  },
  check(context) {
    const table = alteredTable(context);
    if (!table || !context.forecast.works.some((work) => work.kind === 'scan')) return [];
    return commandsOf(context, 'AT_SetNotNull').map((command) => ({
      message: t(
        'SET NOT NULL reads all rows of {0} while nobody can read or write it. First add CHECK ({1} IS NOT NULL) NOT VALID and validate it in a later migration.',
        table,
        command.name ?? '',
      ),
      fix: null,
    }));
  },
};
