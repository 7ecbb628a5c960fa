import type { KnownSchema } from '../safety/known-schema';
import type { Statement } from '../sql/statement';
import { asKind } from '../sql/tree';
import type { Change } from './change';
import { addedColumn } from './statement-changes/added-column';
import { addedConstraint } from './statement-changes/added-constraint';
import { alteredColumn } from './statement-changes/altered-column';
import { createdIndex } from './statement-changes/created-index';
import { existingTable } from './statement-changes/existing-table';

/**
 * The change a statement makes at once, where a recipe carries it out in phases; null for all others, and for tables
 * the same script made. A required column without a default has an empty `fill.expression`: only a person knows it.
 */
export function changeOfStatement(statement: Statement, schema: KnownSchema): Change | null {
  return renamed(statement, schema) ?? altered(statement, schema) ?? createdIndex(statement, schema);
}

function renamed(statement: Statement, schema: KnownSchema): Change | null {
  const rename = asKind(statement.node, 'RenameStmt');
  if (rename?.renameType !== 'OBJECT_COLUMN' || rename.relationType !== 'OBJECT_TABLE') return null;
  const table = existingTable(rename.relation, schema);
  if (!table || !rename.subname || !rename.newname) return null;
  return { kind: 'rename-column', table, from: rename.subname, to: rename.newname };
}

/** ALTER TABLE with one command. */
function altered(statement: Statement, schema: KnownSchema): Change | null {
  const alter = asKind(statement.node, 'AlterTableStmt');
  const [command, ...others] = (alter?.cmds ?? []).map((node) => asKind(node, 'AlterTableCmd'));
  if (alter?.objtype !== 'OBJECT_TABLE' || !command || others.length > 0) return null;
  const table = existingTable(alter.relation, schema);
  if (!table) return null;
  switch (command.subtype) {
    case 'AT_AddColumn':
      return addedColumn(statement, command, table);
    case 'AT_AddConstraint': {
      const constraint = asKind(command.def, 'Constraint');
      return constraint && addedConstraint(statement, constraint, table, schema);
    }
    default:
      return alteredColumn(statement, command, table);
  }
}
