import { dottedKey, type KnownSchema } from '../../safety/known-schema';
import { hasComment } from '../../sql/clause-text';
import { parseQualifiedName, type QualifiedName } from '../../sql/identifier';
import type { Statement } from '../../sql/statement';
import { asKind } from '../../sql/tree';
import type { SingleChange } from '../change';

/** ADD, DROP and RENAME ATTRIBUTE of a composite type; null for all else, and for what reaches tables made of the type. */
export function alteredAttribute(statement: Statement, schema: KnownSchema): SingleChange | null {
  return renamedAttribute(statement, schema) ?? addedOrDropped(statement, schema);
}

function renamedAttribute({ node }: Statement, schema: KnownSchema): SingleChange | null {
  const rename = asKind(node, 'RenameStmt');
  if (rename?.renameType !== 'OBJECT_ATTRIBUTE' || rename.missing_ok || rename.behavior === 'DROP_CASCADE')
    return null;
  const { subname: name, newname: to } = rename;
  const table = compositeType(rename.relation, schema);
  return table && name && to ? { kind: 'rename-attribute', table, name, to } : null;
}

function addedOrDropped(statement: Statement, schema: KnownSchema): SingleChange | null {
  const alter = asKind(statement.node, 'AlterTableStmt');
  const [command, ...others] = (alter?.cmds ?? []).map((node) => asKind(node, 'AlterTableCmd'));
  if (alter?.objtype !== 'OBJECT_TYPE' || !command || others.length > 0) return null;
  const table = compositeType(alter.relation, schema);
  if (!table || command.missing_ok || command.behavior === 'DROP_CASCADE') return null;
  if (command.subtype === 'AT_DropColumn' && command.name !== undefined)
    return { kind: 'drop-attribute', table, name: command.name };
  const definition = asKind(command.def, 'ColumnDef');
  if (command.subtype !== 'AT_AddColumn' || !definition?.colname || definition.collClause) return null;
  const start = (definition.typeName?.location ?? 0) - statement.start.offset;
  const type = statement.text.slice(start).replace(/\s+restrict\s*$/i, '');
  return hasComment(type)
    ? null
    : { kind: 'add-attribute', table, name: definition.colname, type: type.trim() };
}

/** A type that nothing is known of counts as a composite one. */
function compositeType(
  relation: { schemaname?: string; relname?: string } | undefined,
  schema: KnownSchema,
): QualifiedName | null {
  if (!relation?.relname) return null;
  const parts = [...(relation.schemaname ? [relation.schemaname] : []), relation.relname];
  const key = dottedKey(schema, parts, schema.types);
  const known = schema.types.get(key);
  if (schema.relations.has(key) || (known && known.kind !== 'composite')) return null;
  return parseQualifiedName(key);
}
