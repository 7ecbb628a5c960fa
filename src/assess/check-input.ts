import { columnOf } from '../catalog/read-table-facts';
import type { TableFacts } from '../catalog/table-facts';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { assertIdentifier, formatIdentifier, formatQualifiedName } from '../sql/identifier';
import type { AddRequiredColumn, Change, RenameColumn } from './change';

/** https://www.postgresql.org/docs/current/ddl-system-columns.html */
const systemColumns = new Set(['tableoid', 'xmin', 'cmin', 'xmax', 'cmax', 'ctid']);

/** Throws `invalid-name` for a name PostgreSQL would refuse or cut. */
export function checkNames(change: Change): void {
  assertIdentifier(change.table.schema);
  assertIdentifier(change.table.name);
  const added = addedName(change);
  assertIdentifier(added);
  if (systemColumns.has(added)) {
    throw new SwitchbackError(
      'invalid-name',
      t('"{0}" is the name of a system column. Choose another one.', added),
    );
  }
}

/**
 * Throws where the change cannot be meant for this table: `not-found` for a missing column, `already-done` when
 * it has been made, `invalid-input` when the new name is taken.
 */
export function checkColumns(change: Change, table: TableFacts): void {
  switch (change.kind) {
    case 'rename-column':
      checkRename(change, table);
      return;
    case 'add-required-column':
      checkAdd(change, table);
      return;
  }
}

/** What stops every recipe on such a relation, as sentences with the way out. */
export function tableBlockers(table: TableFacts, user: string): string[] {
  const relation = formatQualifiedName(table.name);
  const blockers: string[] = [];
  switch (table.kind) {
    case 'view':
    case 'materialized-view':
      blockers.push(t('{0} is a view. Plan the change on the table it reads.', relation));
      break;
    case 'foreign-table':
      blockers.push(t('{0} is a foreign table. Plan the change on the server that holds it.', relation));
      break;
    case 'table':
    case 'partitioned-table':
      break;
  }
  if (isSystemSchema(table.name.schema)) {
    blockers.push(t('{0} belongs to PostgreSQL itself. Choose a table of your own.', relation));
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

function addedName(change: Change): string {
  return change.kind === 'rename-column' ? change.to : change.column;
}

function checkRename(change: RenameColumn, table: TableFacts): void {
  const relation = formatQualifiedName(table.name);
  const from = formatIdentifier(change.from);
  const to = formatIdentifier(change.to);
  const hasNew = table.columns.some((column) => column.name === change.to);
  if (change.from === change.to) {
    throw new SwitchbackError('invalid-input', t('{0} has that name already. Type the new one.', from));
  }
  if (!hasNew) {
    columnOf(table, change.from);
    return;
  }
  if (table.columns.some((column) => column.name === change.from)) {
    throw new SwitchbackError(
      'invalid-input',
      t(
        '{0} has a column {1} already. Choose another name, or open the plan of the rename that is under way.',
        relation,
        to,
      ),
    );
  }
  throw new SwitchbackError(
    'already-done',
    t(
      '{0} has {1} and no {2}: the column has already been renamed. There is nothing to do.',
      relation,
      to,
      from,
    ),
  );
}

function checkAdd(change: AddRequiredColumn, table: TableFacts): void {
  const existing = table.columns.find((column) => column.name === change.column);
  if (!existing) return;
  const relation = formatQualifiedName(table.name);
  const column = formatIdentifier(change.column);
  throw existing.notNull
    ? new SwitchbackError(
        'already-done',
        t('{0} has the required column {1} already. There is nothing to do.', relation, column),
      )
    : new SwitchbackError(
        'invalid-input',
        t(
          '{0} has a column {1} already, which may be empty. Choose another name, or open the plan that is under way.',
          relation,
          column,
        ),
      );
}
