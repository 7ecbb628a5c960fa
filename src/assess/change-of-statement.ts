import type { AlterTableCmd, ColumnDef, Constraint } from '@pgsql/types';
import { relationKey, type KnownSchema } from '../safety/known-schema';
import { isSerial } from '../safety/column-type';
import { parseQualifiedName, type QualifiedName } from '../sql/identifier';
import { lexemes } from '../sql/lexer';
import type { Statement } from '../sql/statement';
import { asKind } from '../sql/tree';
import type { Change } from './change';
import type { AddRequiredColumn } from './changes/add-required-column';
import type { RenameColumn } from './changes/rename-column';

/**
 * The change a statement makes at once, where a recipe carries it out in phases; null for all others, and for tables
 * the same script made. A required column without a default has an empty `fill.expression`: only a person knows it.
 */
export function changeOfStatement(statement: Statement, schema: KnownSchema): Change | null {
  return renameOf(statement, schema) ?? additionOf(statement, schema);
}

function renameOf(statement: Statement, schema: KnownSchema): RenameColumn | null {
  const rename = asKind(statement.node, 'RenameStmt');
  if (rename?.renameType !== 'OBJECT_COLUMN' || rename.relationType !== 'OBJECT_TABLE') return null;
  const table = existingTable(relationKey(schema, rename.relation), schema);
  if (!table || !rename.subname || !rename.newname) return null;
  return { kind: 'rename-column', table, from: rename.subname, to: rename.newname };
}

function additionOf(statement: Statement, schema: KnownSchema): AddRequiredColumn | null {
  const alter = asKind(statement.node, 'AlterTableStmt');
  const [command, ...others] = (alter?.cmds ?? []).map((node) => asKind(node, 'AlterTableCmd'));
  const definition = command?.subtype === 'AT_AddColumn' ? asKind(command.def, 'ColumnDef') : null;
  if (alter?.objtype !== 'OBJECT_TABLE' || !command || !definition || others.length > 0) return null;
  const table = existingTable(relationKey(schema, alter.relation), schema);
  const written = writtenColumn(statement, command, definition);
  if (!table || !written || !definition.colname) return null;
  return {
    kind: 'add-required-column',
    table,
    column: definition.colname,
    type: written.type,
    fill: { by: 'default', expression: written.default ?? '' },
    keepDefault: written.default !== null,
  };
}

/** A table that others can see and that is no view; one that nothing is known of counts as one. */
function existingTable(key: string, schema: KnownSchema): QualifiedName | null {
  const known = schema.relations.get(key);
  if (known && (known.fresh || known.persistence === 'temporary')) return null;
  if (known && known.kind !== 'table' && known.kind !== 'partitioned') return null;
  return parseQualifiedName(key);
}

/** Type and default as the author wrote them; null for a column the recipe does not make. */
function writtenColumn(
  statement: Statement,
  command: AlterTableCmd,
  definition: ColumnDef,
): { type: string; default: string | null } | null {
  const constraints = (definition.constraints ?? []).flatMap((node) => asKind(node, 'Constraint') ?? []);
  const kinds = constraints.map((constraint) => constraint.contype);
  const isPlain = kinds.every((kind) => kind === 'CONSTR_NOTNULL' || kind === 'CONSTR_DEFAULT');
  const needsMore = definition.collClause || definition.compression || definition.storage_name;
  if (!isPlain || !kinds.includes('CONSTR_NOTNULL') || needsMore || isSerial(definition.typeName))
    return null;
  const ends = [...constraints.map(placeOf), statement.end.offset].sort((a, b) => a - b);
  const until = (from: number): string => {
    const end = ends.find((place) => place > from) ?? from;
    return statement.text.slice(from - statement.start.offset, end - statement.start.offset).trim();
  };
  const byDefault = constraints.find((constraint) => constraint.contype === 'CONSTR_DEFAULT');
  const type = until(definition.typeName?.location ?? 0);
  const value = byDefault && until(placeOf(byDefault)).replace(/^default\s*/i, '');
  if (command.behavior === 'DROP_CASCADE' || type === '' || hasComment(type) || hasComment(value ?? ''))
    return null;
  return { type, default: value ?? null };
}

function placeOf(constraint: Constraint): number {
  return constraint.location ?? 0;
}

function hasComment(text: string): boolean {
  return [...lexemes(text)].some((lexeme) => lexeme.kind === 'comment');
}
