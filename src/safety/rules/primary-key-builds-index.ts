import type { Constraint } from '@pgsql/types';
import { t } from '../../messages/translate';
import { asKind, strings } from '../../sql/tree';
import { relationKey } from '../known-schema';
import { keyByIndex } from '../reading/added-key';
import { alteredTable, commandsOf } from '../reading/commands';
import type { Rule, RuleContext } from '../rule';

export const primaryKeyBuildsIndex: Rule = {
  id: 'primary-key-builds-index',
  title: 'A primary key that builds its index',
  severity: 'error',
  on: ['AT_AddConstraint'],
  since: null,
  until: null,
  why: 'ADD PRIMARY KEY builds an index under ACCESS EXCLUSIVE, and reads all rows for NULLs where a column may hold them. A unique index built CONCURRENTLY on NOT NULL columns can be made the primary key in a moment.',
  url: 'https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT-USING-INDEX',
  bad: {
    before: 'create table orders (id int not null, code text);',
    sql: 'alter table orders add primary key (id);',
  },
  good: {
    before:
      'create table orders (id int not null, code text); create unique index orders_pkey on orders (id);',
    sql: 'alter table orders add constraint orders_pkey primary key using index orders_pkey;',
  },
  check(context) {
    const table = alteredTable(context);
    if (!table) return [];
    return commandsOf(context, 'AT_AddConstraint').flatMap((command) => {
      const constraint = asKind(command.def, 'Constraint');
      if (constraint?.contype !== 'CONSTR_PRIMARY' || constraint.indexname) return [];
      const nullable = nullableColumns(context, constraint);
      const message =
        nullable.length > 0
          ? t(
              'The primary key builds an index on {0} and looks for NULLs in {1} while nobody can read or write it. Make the columns NOT NULL first, build a unique index CONCURRENTLY, then add the key USING INDEX.',
              table,
              nullable.join(', '),
            )
          : t(
              'The primary key builds an index on {0} while nobody can read or write it. Build a unique index CONCURRENTLY, then add the key USING INDEX.',
              table,
            );
      // NOT NULL comes with a primary key and stays when it goes: only where it was there before is the way back exact.
      return [{ message, fix: nullable.length > 0 ? null : keyByIndex(context, constraint) }];
    });
  },
};

/** The key's columns that may hold NULL, as far as is known. */
function nullableColumns({ statement, schema }: RuleContext, constraint: Constraint): string[] {
  const key = relationKey(schema, asKind(statement.node, 'AlterTableStmt')?.relation);
  const columns = schema.relations.get(key)?.columns ?? [];
  return strings(constraint.keys).filter(
    (name) => columns.find((column) => column.name === name)?.notNull !== true,
  );
}
