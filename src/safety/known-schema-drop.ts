import type { DropStmt, Node } from '@pgsql/types';
import { asKind, stringOf, strings } from '../sql/tree';
import { look } from './copied-map';
import { removeIndex } from './known-indexes';
import { dottedKey, type KnownSchema } from './known-schema';
import { ownedSequences, tableOfIndex } from './known-neighbours';
import { dropRoutine } from './routines/known-routine';

/** DROP, applied to what is known, with partitions, owned sequences and foreign keys that go along. */
export function foldDrop(schema: KnownSchema, drop: DropStmt): void {
  for (const object of drop.objects ?? []) {
    const parts = nameParts(object);
    if (drop.removeType === 'OBJECT_INDEX') {
      const found = tableOfIndex(schema, dottedKey(schema, parts, schema.relations));
      const table = found && schema.relations.get(found.table);
      if (table) removeIndex(schema, table, found.index);
    } else if (drop.removeType === 'OBJECT_TRIGGER') {
      const table = schema.relations.get(dottedKey(schema, parts.slice(0, -1), schema.relations));
      if (table) table.triggers = table.triggers.filter((trigger) => trigger.name !== parts.at(-1));
    } else if (drop.removeType === 'OBJECT_PUBLICATION') {
      schema.publications.delete(parts.at(-1) ?? '');
    } else if (drop.removeType === 'OBJECT_SCHEMA') {
      for (const [key, relation] of schema.relations)
        if (relation.schema === parts[0]) schema.relations.delete(key);
    } else if (drop.removeType === 'OBJECT_TYPE' || drop.removeType === 'OBJECT_DOMAIN') {
      schema.types.delete(dottedKey(schema, parts, schema.types));
    } else if (/^OBJECT_(FUNCTION|PROCEDURE|ROUTINE)$/.test(drop.removeType ?? '')) {
      dropRoutine(schema, parts);
    } else if (/^OBJECT_(TABLE|VIEW|MATVIEW|SEQUENCE|FOREIGN_TABLE)$/.test(drop.removeType ?? '')) {
      dropRelation(schema, dottedKey(schema, parts, schema.relations));
    }
  }
}

function dropRelation(schema: KnownSchema, key: string): void {
  for (const child of schema.relations.get(key)?.children ?? []) {
    if (schema.relations.get(child)?.parent === key) dropRelation(schema, child);
  }
  for (const sequence of ownedSequences(schema, key)) schema.relations.delete(sequence);
  schema.relations.delete(key);
  for (const [name, { children, constraints }] of look(schema.relations)) {
    if (!children.includes(key) && !constraints.some((constraint) => constraint.references === key)) continue;
    const other = schema.relations.get(name)!;
    other.children = other.children.filter((child) => child !== key);
    other.constraints = other.constraints.filter((constraint) => constraint.references !== key);
  }
}

/** The dotted name of an object in DROP and COMMENT, whichever node holds it. */
export function nameParts(object: Node | undefined): string[] {
  const list = asKind(object, 'List')?.items;
  if (list) return strings(list);
  const typed = asKind(object, 'TypeName')?.names ?? asKind(object, 'ObjectWithArgs')?.objname;
  return typed ? strings(typed) : [stringOf(object)];
}
