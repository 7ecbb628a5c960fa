import { tableOfIndex } from '../../safety/known-neighbours';
import { relationKey, type KnownSchema } from '../../safety/known-schema';
import { parseQualifiedName } from '../../sql/identifier';
import type { Statement } from '../../sql/statement';
import { asKind, type Fields } from '../../sql/tree';
import type { SingleChange } from '../change';
import { existingTable } from './existing-table';

/** RENAME of a table, a column, a constraint or an index, and SET SCHEMA of a table; null for all else. */
export function renamedObject({ node }: Statement, schema: KnownSchema): SingleChange | null {
  const rename = asKind(node, 'RenameStmt');
  if (rename) return rename.missing_ok ? null : renamed(rename, schema);
  const moved = asKind(node, 'AlterObjectSchemaStmt');
  if (moved?.objectType !== 'OBJECT_TABLE' || moved.missing_ok || !moved.newschema) return null;
  const table = existingTable(moved.relation, schema);
  return table && { kind: 'move-table', table, schema: moved.newschema };
}

function renamed(
  { renameType, relationType, relation, subname, newname: to }: Fields<'RenameStmt'>,
  schema: KnownSchema,
): SingleChange | null {
  if (!to) return null;
  if (renameType === 'OBJECT_INDEX') {
    const found = tableOfIndex(schema, relationKey(schema, relation));
    if (!found) return null;
    return { kind: 'rename-index', table: parseQualifiedName(found.table), index: found.index.name, to };
  }
  const table = existingTable(relation, schema);
  if (!table) return null;
  if (renameType === 'OBJECT_TABLE') return { kind: 'rename-table', table, to };
  if (renameType === 'OBJECT_TABCONSTRAINT' && subname)
    return { kind: 'rename-constraint', table, constraint: subname, to };
  if (renameType !== 'OBJECT_COLUMN' || relationType !== 'OBJECT_TABLE' || !subname) return null;
  return { kind: 'rename-column', table, from: subname, to };
}
