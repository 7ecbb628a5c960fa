import type { AlterObjectSchemaStmt, RenameStmt } from '@pgsql/types';
import { formatQualifiedName } from '../sql/identifier';
import { look } from './copied-map';
import { renameIndex } from './known-indexes';
import { relationKey, type KnownRelation, type KnownSchema } from './known-schema';
import { foreignKeysTo, tableOfIndex } from './known-neighbours';

/** RENAME of a relation, column, constraint or index, with the names others know it by. */
export function foldRename(schema: KnownSchema, rename: RenameStmt): void {
  const key = relationKey(schema, rename.relation);
  const relation = schema.relations.get(key);
  const to = rename.newname ?? '';
  switch (rename.renameType) {
    case 'OBJECT_COLUMN':
      for (const column of relation?.columns ?? []) if (column.name === rename.subname) column.name = to;
      for (const index of relation?.indexes ?? [])
        for (const list of [index.columns, index.uses])
          list.forEach((name, at) => (list[at] = name === rename.subname ? to : name));
      for (const each of relation?.constraints ?? [])
        each.columns = each.columns.map((name) => (name === rename.subname ? to : name));
      // Those found are only looked at; the relation's own are the ones to change.
      for (const { table } of foreignKeysTo(schema, key)) {
        for (const each of schema.relations.get(table)?.constraints ?? []) {
          if (each.references !== key) continue;
          each.referencedColumns = each.referencedColumns.map((name) =>
            name === rename.subname ? to : name,
          );
        }
      }
      break;
    case 'OBJECT_TABCONSTRAINT':
      for (const constraint of relation?.constraints ?? [])
        if (constraint.name === rename.subname) constraint.name = to;
      if (relation) renameIndex(relation, rename.subname ?? '', to);
      break;
    case 'OBJECT_INDEX': {
      const found = tableOfIndex(schema, key);
      if (found) renameIndex(schema.relations.get(found.table)!, found.index.name, to);
      break;
    }
    case 'OBJECT_TABLE':
    case 'OBJECT_VIEW':
    case 'OBJECT_MATVIEW':
    case 'OBJECT_SEQUENCE':
      if (relation) moveRelation(schema, key, { ...relation, name: to });
      break;
    default:
      break;
  }
}

/** SET SCHEMA of a relation. */
export function foldSetSchema(schema: KnownSchema, move: AlterObjectSchemaStmt): void {
  const key = relationKey(schema, move.relation);
  const relation = schema.relations.get(key);
  if (relation) moveRelation(schema, key, { ...relation, schema: move.newschema ?? relation.schema });
}

function moveRelation(schema: KnownSchema, from: string, relation: KnownRelation): void {
  const to = formatQualifiedName(relation);
  const moved = (key: string): string => (key === from ? to : key);
  schema.relations.delete(from);
  schema.relations.set(to, relation);
  for (const [name, seen] of look(schema.relations)) {
    const { children, reads, parent, ownedBy, constraints } = seen;
    const isNamed =
      [...children, ...reads, parent, ownedBy?.table].includes(from) ||
      constraints.some((constraint) => constraint.references === from);
    if (!isNamed) continue;
    const other = schema.relations.get(name)!;
    other.children = other.children.map(moved);
    other.reads = other.reads.map(moved);
    if (other.parent) other.parent = moved(other.parent);
    if (other.ownedBy) other.ownedBy.table = moved(other.ownedBy.table);
    for (const constraint of other.constraints) {
      if (constraint.references) constraint.references = moved(constraint.references);
    }
  }
}
