import { t } from '../../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../../sql/identifier';
import type { Volatility } from '../../../catalog/table-facts';
import type { AddColumn } from '../answers';
import type { MigrationSql } from '../migration-sql';
import { addColumnSql, dropColumnSql, setDefaultSql } from '../column-sql';

/**
 * A column added without rewriting the table. `volatility` is the default's: a volatile one is set after the column,
 * because ADD COLUMN would compute it for every row under an exclusive lock.
 * https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES
 */
export function addColumn(change: AddColumn, volatility: Volatility | null): MigrationSql {
  const column = formatIdentifier(change.column);
  const relation = formatQualifiedName(change.table);
  const atOnce = volatility !== 'volatile' && (!change.required || change.fill === null);
  return {
    title:
      change.required && atOnce
        ? t('Add the required column {0} to {1}', column, relation)
        : t('Add the column {0} to {1}', column, relation),
    notes: notes(change, atOnce),
    up: atOnce ? [addColumnSql(change, change)] : addedEmpty(change),
    downNotes: [t('What was written into the column goes with it. Take it back while nothing reads it.')],
    down: [dropColumnSql(change, change.column)],
    transactional: true,
  };
}

/** The column without values, and its default for rows written from then on. */
export function addedEmpty(change: AddColumn): string[] {
  const bare = addColumnSql(change, { type: change.type, default: null, required: false });
  return change.default === null ? [bare] : [bare, setDefaultSql(change, change.column, change.default)];
}

function notes(change: AddColumn, atOnce: boolean): string[] {
  const column = formatIdentifier(change.column);
  if (change.required && !atOnce) {
    return [
      t(
        'The column stays optional here: its value has to be computed for the rows there are, and filling a table and proving NOT NULL do not belong into one transaction. Run "Switchback: Add a Required Column…" for the phases, or choose TypeScript or JavaScript, whose migration fills it in batches.',
      ),
    ];
  }
  if (change.default === null) {
    return [t('An optional column without a default is a change of the catalog only: no row is touched.')];
  }
  if (!atOnce) {
    return [
      t(
        'The default of {0} gives every row another value, so it is set after the column: in one statement PostgreSQL would rewrite the whole table under an exclusive lock. Rows there are stay empty; fill them with a backfill of their own.',
        column,
      ),
    ];
  }
  return [
    t(
      'The default is computed once and kept in the catalog: the rows there are show it without being rewritten.',
    ),
    ...(change.required
      ? [t('Because every row shows the default, NOT NULL needs no scan in the same statement.')]
      : []),
  ];
}
