import { asKind, strings } from '../../sql/tree';
import type { Statement } from '../../sql/statement';
import { dottedKey, type KnownSchema } from '../known-schema';

/** The enum an ALTER TYPE ... ADD VALUE extends, with the new value; null for other statements. */
export function addedEnumValue(
  schema: KnownSchema,
  statement: Statement,
): { type: string; value: string } | null {
  const alter = asKind(statement.node, 'AlterEnumStmt');
  if (!alter || alter.oldVal !== undefined || alter.newVal === undefined) return null;
  return { type: dottedKey(schema, strings(alter.typeName), schema.types), value: alter.newVal };
}

/** Whether one of these statements makes the enum. */
export function makesEnum(schema: KnownSchema, statements: readonly Statement[], type: string): boolean {
  return statements.some((each) => {
    const create = asKind(each.node, 'CreateEnumStmt');
    return create !== null && dottedKey(schema, strings(create.typeName), schema.types) === type;
  });
}
