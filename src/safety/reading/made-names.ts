import type { DropStmt } from '@pgsql/types';
import type { Statement } from '../../sql/statement';
import { asKind, strings } from '../../sql/tree';
import { dottedKey, relationKey, type KnownSchema } from '../known-schema';
import { nameParts } from '../known-schema-drop';
import type { RuleContext } from '../rule';

/** Keys of what a DROP drops. */
export function droppedKeys(schema: KnownSchema, drop: DropStmt): string[] {
  return (drop.objects ?? []).map((object) => dottedKey(schema, nameParts(object), objectsOf(schema, drop)));
}

/** What is known of the kind of object that a DROP drops, by key. */
export function objectsOf(schema: KnownSchema, drop: DropStmt): ReadonlyMap<string, unknown> {
  if (/TYPE|DOMAIN/.test(drop.removeType ?? '')) return schema.types;
  return /FUNCTION|PROCEDURE|ROUTINE/.test(drop.removeType ?? '') ? schema.functions : schema.relations;
}

/** Made by this script before, or made anew by it afterwards: code goes on using it. */
export function isMadeByScript({ script, statement, schema }: RuleContext, key: string): boolean {
  return script.statements.some((each) => each !== statement && madeKey(schema, each) === key);
}

function madeKey(schema: KnownSchema, statement: Statement): string | null {
  const fields = statement.node[statement.kind] as Record<string, unknown>;
  const type =
    asKind(statement.node, 'CreateEnumStmt')?.typeName ??
    asKind(statement.node, 'CreateDomainStmt')?.domainname;
  if (type) return dottedKey(schema, strings(type), schema.types);
  const routine = asKind(statement.node, 'CreateFunctionStmt')?.funcname;
  if (routine) return dottedKey(schema, strings(routine), schema.functions);
  const rename = asKind(statement.node, 'RenameStmt');
  if (rename) return renamedKey(schema, statement);
  if (!/^(CreateStmt|CreateSeqStmt|ViewStmt|CreateTableAsStmt|CompositeTypeStmt)$/.test(statement.kind))
    return null;
  const range = fields['relation'] ?? fields['view'] ?? fields['sequence'] ?? fields['typevar'];
  const into = fields['into'] as { rel?: unknown } | undefined;
  return relationKey(schema, (range ?? into?.rel) as Parameters<typeof relationKey>[1]);
}

function renamedKey(schema: KnownSchema, statement: Statement): string {
  const rename = asKind(statement.node, 'RenameStmt')!;
  const parts = rename.relation
    ? [rename.relation.schemaname ?? '', rename.newname ?? '']
    : [...nameParts(rename.object).slice(0, -1), rename.newname ?? ''];
  return dottedKey(
    schema,
    parts.filter((part) => part !== ''),
    schema.types,
  );
}
