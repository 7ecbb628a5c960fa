import type { TableFacts } from '../catalog/table-facts';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { assertIdentifier, formatIdentifier, formatQualifiedName } from '../sql/identifier';
import { changeTypeOf, type SingleChange } from './change';

/** https://www.postgresql.org/docs/current/ddl-system-columns.html */
const systemColumns = new Set(['tableoid', 'xmin', 'cmin', 'xmax', 'cmax', 'ctid']);

/** Throws `invalid-name` for a name PostgreSQL would refuse or cut. */
export function checkNames(change: SingleChange): void {
  assertIdentifier(change.table.schema);
  assertIdentifier(change.table.name);
  for (const { column, fate } of changeTypeOf(change).columns(change)) {
    if (fate !== 'added') continue;
    assertIdentifier(column);
    if (systemColumns.has(column)) {
      throw new SwitchbackError(
        'invalid-name',
        t('"{0}" is the name of a system column. Choose another one.', column),
      );
    }
  }
}

/**
 * Throws where the change cannot be meant for this table: `not-found` for a missing column, `already-done` when
 * it has been made, `invalid-input` when the new name is taken.
 */
export function checkColumns(change: SingleChange, table: TableFacts): void {
  changeTypeOf(change).check(change, table);
}

/** What stops every recipe on such a relation, as sentences with the way out. */
export function tableBlockers(change: SingleChange, table: TableFacts, user: string): string[] {
  const relation = formatQualifiedName(table.name);
  const { subject = 'table' } = changeTypeOf(change);
  const blockers: string[] = [];
  switch (table.kind) {
    case 'view':
    case 'materialized-view':
      if (subject !== 'view' && subject !== 'any')
        blockers.push(t('{0} is a view. Plan the change on the table it reads.', relation));
      break;
    case 'foreign-table':
      blockers.push(t('{0} is a foreign table. Plan the change on the server that holds it.', relation));
      break;
    case 'table':
    case 'partitioned-table':
      if (subject === 'view') blockers.push(t('{0} is a table. Choose a view.', relation));
      break;
  }
  if (isSystemSchema(table.name.schema)) {
    blockers.push(t('{0} belongs to PostgreSQL itself. Choose a table of your own.', relation));
  } else if (!table.mayAlter && subject === 'new-table') {
    blockers.push(
      t(
        'The user {0} may not create anything in the schema {1}. Ask for CREATE on it, or connect as another user.',
        user,
        formatIdentifier(table.name.schema),
      ),
    );
  } else if (!table.mayAlter) {
    blockers.push(
      t(
        'The user {0} may not alter {1}, which belongs to {2}. Connect as its owner.',
        user,
        relation,
        table.owner,
      ),
    );
  }
  if (table.persistence === 'temporary') {
    blockers.push(t('{0} is a temporary table and goes with its session. Choose a permanent one.', relation));
  }
  return blockers;
}

function isSystemSchema(schema: string): boolean {
  return schema === 'information_schema' || schema.startsWith('pg_');
}
