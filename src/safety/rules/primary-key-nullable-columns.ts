import { t } from '../../messages/translate';
import { asKind } from '../../sql/tree';
import { provesNotNull } from '../known-constraint';
import { relationKey } from '../known-schema';
import { commandForecast } from '../reading/command-forecast';
import { alteredTable, commandsOf } from '../reading/commands';
import type { Rule } from '../rule';

export const primaryKeyNullableColumns: Rule = {
  id: 'primary-key-nullable-columns',
  title: 'A primary key from an index on columns that may be NULL',
  severity: 'error',
  on: ['AT_AddConstraint'],
  since: null,
  until: null,
  why: 'PRIMARY KEY USING INDEX makes its columns NOT NULL, which reads all rows under ACCESS EXCLUSIVE. Columns that are NOT NULL already, or that a validated CHECK proves to be, are not read.',
  url: 'https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT-USING-INDEX',
  bad: {
    before: 'create table orders (id int); create unique index orders_id on orders (id);',
    sql: 'alter table orders add constraint orders_id primary key using index orders_id;',
  },
  good: {
    before: 'create table orders (id int not null); create unique index orders_id on orders (id);',
    sql: 'alter table orders add constraint orders_id primary key using index orders_id;',
  },
  check(context) {
    const table = alteredTable(context);
    if (!table) return [];
    const key = relationKey(context.schema, asKind(context.statement.node, 'AlterTableStmt')?.relation);
    const relation = context.schema.relations.get(key);
    return commandsOf(context, 'AT_AddConstraint').flatMap((command) => {
      const constraint = asKind(command.def, 'Constraint');
      if (constraint?.contype !== 'CONSTR_PRIMARY' || !constraint.indexname) return [];
      if (!commandForecast(context, command).works.some((work) => work.kind === 'scan')) return [];
      const index = relation?.indexes.find((each) => each.name === constraint.indexname);
      const nullable = (index?.columns ?? []).filter((column) => !provesNotNull(relation, column));
      const message = t(
        'Becoming a primary key makes {0} NOT NULL, and all rows of {1} are read while nobody can use it. Prove it first: CHECK ({2} IS NOT NULL) NOT VALID, validated in a later migration.',
        nullable.join(', '),
        table,
        nullable[0] ?? '',
      );
      return [{ message, fix: null }];
    });
  },
};
