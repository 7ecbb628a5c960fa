import { dottedKey, relationKey, type KnownSchema } from '../known-schema';
import { nameParts } from '../known-schema-drop';
import type { Statement } from '../../sql/statement';
import { asKind } from '../../sql/tree';

/** A trigger by its table's key and its name. */
export interface TriggerName {
  table: string;
  name: string;
}

/** The trigger a CREATE TRIGGER makes; null for other statements. */
export function createdTrigger(schema: KnownSchema, statement: Statement): TriggerName | null {
  const create = asKind(statement.node, 'CreateTrigStmt');
  return create ? { table: relationKey(schema, create.relation), name: create.trigname ?? '' } : null;
}

/** The triggers a DROP TRIGGER drops. */
export function droppedTriggers(schema: KnownSchema, statement: Statement): TriggerName[] {
  const drop = asKind(statement.node, 'DropStmt');
  if (drop?.removeType !== 'OBJECT_TRIGGER') return [];
  return (drop.objects ?? []).map((object) => {
    const parts = nameParts(object);
    return { table: dottedKey(schema, parts.slice(0, -1), schema.relations), name: parts.at(-1) ?? '' };
  });
}

export function sameTrigger(left: TriggerName | null, right: TriggerName): boolean {
  return left?.table === right.table && left.name === right.name;
}
