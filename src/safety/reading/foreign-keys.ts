import type { Constraint } from '@pgsql/types';
import { asKind, strings } from '../../sql/tree';
import { relationKey } from '../known-schema';
import type { RuleContext } from '../rule';
import { oncePerStatement } from './once-per-statement';

export interface AddedForeignKey {
  constraint: Constraint;
  /** Keys of the referencing and the referenced table. */
  table: string;
  references: string;
  /** The referencing columns. */
  columns: string[];
  /** Written behind its column. */
  inline: boolean;
}

/** The foreign keys a CREATE TABLE or ALTER TABLE adds. */
export function addedForeignKeys(context: RuleContext): readonly AddedForeignKey[] {
  return readForeignKeys(context);
}

const readForeignKeys = oncePerStatement(({ statement, schema }): readonly AddedForeignKey[] => {
  const create = asKind(statement.node, 'CreateStmt');
  const alter = asKind(statement.node, 'AlterTableStmt');
  const range = create?.relation ?? alter?.relation;
  if (!range) return [];
  const table = relationKey(schema, range);
  const elements = create
    ? [...(create.tableElts ?? []), ...(create.constraints ?? [])]
    : (alter?.cmds ?? []).map((node) => asKind(node, 'AlterTableCmd')?.def);
  return elements.flatMap((element) => {
    const column = asKind(element, 'ColumnDef');
    const constraints = column ? (column.constraints ?? []) : [element];
    return constraints.flatMap((node) => {
      const constraint = asKind(node, 'Constraint');
      if (constraint?.contype !== 'CONSTR_FOREIGN') return [];
      const columns = column ? [column.colname ?? ''] : strings(constraint.fk_attrs);
      const references = relationKey(schema, constraint.pktable);
      return [{ constraint, table, references, columns, inline: column !== null }];
    });
  });
});
