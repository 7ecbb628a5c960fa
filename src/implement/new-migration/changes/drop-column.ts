import { t } from '../../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../../sql/identifier';
import type { ColumnDefinition, DropColumn } from '../answers';
import { addColumnSql, dropColumnSql } from '../column-sql';
import type { MigrationSql } from '../migration-sql';

/** What goes with a column, as far as it is known. */
export interface LostColumn {
  definition: ColumnDefinition;
  /** Statements that bring back its indexes, constraints and comment; null where no database was asked. */
  restore: string[] | null;
}

/** A column dropped; the way back brings the column, never its values. */
export function dropColumn(change: DropColumn, lost: LostColumn): MigrationSql {
  const { definition } = lost;
  const column = formatIdentifier(change.column);
  const relation = formatQualifiedName(change.table);
  return {
    title: t('Drop the column {0} of {1}', column, relation),
    notes: [
      t(
        'Point of no return for the values: once this has run, only a backup has them. The application must have stopped naming the column before, in INSERT and SELECT alike: deploy that first.',
      ),
      t(
        'Indexes and constraints on the column go with it. PostgreSQL refuses where a view or another table depends on it, which is why there is no CASCADE.',
      ),
    ],
    up: [dropColumnSql(change, change.column)],
    downNotes: [
      lost.restore === null
        ? t(
            'Adds the column at the end of the table, without its values. No database was connected when this was written: if the column had indexes, constraints or a comment, they are not here.',
          )
        : t(
            'Adds the column at the end of the table with what belonged to it, without its values. An index is built here while writes wait.',
          ),
      ...(definition.required && definition.default === null
        ? [
            t(
              'NOT NULL without a default holds in an empty table only. With rows this fails and changes nothing, rather than inventing values.',
            ),
          ]
        : []),
    ],
    down: [addColumnSql(change, definition), ...(lost.restore ?? [])],
    transactional: true,
  };
}
