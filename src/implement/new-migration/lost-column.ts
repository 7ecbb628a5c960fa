import { columnOf } from '../../catalog/read-table-facts';
import type { TableFacts } from '../../catalog/table-facts';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName, quoteLiteral } from '../../sql/identifier';
import type { LostColumn } from './changes/drop-column';

/** What dropping a column takes away from a table, and the SQL that brings it back. Throws `invalid-input`. */
export function lostColumn(table: TableFacts, name: string): LostColumn {
  const column = columnOf(table, name);
  const relation = formatQualifiedName(table.name);
  if (column.identity !== null || column.generated !== null) {
    throw new SwitchbackError(
      'invalid-input',
      t(
        '{0}.{1} is computed by PostgreSQL, which ADD COLUMN cannot bring back with the same values. Write the pair from an empty migration.',
        relation,
        formatIdentifier(name),
      ),
    );
  }
  const indexes = table.indexes.filter(
    (index) =>
      index.constraint === null && (index.columns.includes(name) || index.expressionColumns.includes(name)),
  );
  const constraints = table.constraints.filter(
    // NOT NULL comes with the column, and a trigger is told by its own name.
    (constraint) => constraint.columns.includes(name) && !['not-null', 'trigger'].includes(constraint.kind),
  );
  return {
    definition: {
      type: column.collation === null ? column.type : `${column.type} collate ${column.collation}`,
      default: column.default,
      required: column.notNull,
    },
    restore: [
      ...constraints.map(
        (constraint) =>
          `alter table ${relation} add constraint ${formatIdentifier(constraint.name)} ${constraint.definition}`,
      ),
      ...indexes.map((index) => index.definition),
      ...(column.comment === null
        ? []
        : [`comment on column ${relation}.${formatIdentifier(name)} is ${quoteLiteral(column.comment)}`]),
    ],
  };
}
