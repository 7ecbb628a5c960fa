import type { Constraint } from '@pgsql/types';
import { strings } from '../sql/tree';
import { knownConstraint } from './known-constraint';
import { addToPartitions, removeIndex } from './known-indexes';
import type { KnownConstraint, KnownIndex, KnownRelation, KnownSchema } from './known-schema';

/** Whether a constraint comes with an index. */
export function isKey({ contype }: Constraint): boolean {
  return /^CONSTR_(PRIMARY|UNIQUE|EXCLUSION)$/.test(contype ?? '');
}

/** Adds a constraint, with the index or NOT NULL that comes with it. */
export function addConstraint(
  schema: KnownSchema,
  relation: KnownRelation,
  constraint: Constraint,
  column: string | null,
  fresh = false,
): void {
  const known = knownConstraint(schema, relation, constraint, column);
  if (!known) return;
  const used = constraint.indexname
    ? relation.indexes.find((index) => index.name === constraint.indexname)
    : undefined;
  if (used) {
    known.columns = [...used.columns];
    used.name = constraint.conname ?? used.name;
    known.name = used.name;
  }
  relation.constraints.push(known);
  if (!used && isKey(constraint)) {
    const index = { ...keyIndex(known, constraint), ...(fresh ? { fresh } : {}) };
    relation.indexes.push(index);
    addToPartitions(schema, relation, index, fresh);
  }
  if (known.kind === 'primary' || (known.kind === 'not-null' && known.validated))
    markNotNull(relation, known.columns);
}

function keyIndex(known: KnownConstraint, constraint: Constraint): KnownIndex {
  const columns = [...known.columns];
  const uses = [...columns, ...strings(constraint.including)];
  return {
    name: known.name,
    columns,
    labels: [...uses],
    uses,
    computed: false,
    plain: known.kind !== 'exclusion',
    unique: known.kind !== 'exclusion',
    valid: true,
    clustered: false,
  };
}

/** Sets NOT NULL of columns. */
export function markNotNull(relation: KnownRelation, columns: readonly string[]): void {
  for (const column of relation.columns) if (columns.includes(column.name)) column.notNull = true;
}

/** Drops a constraint, its index and, with a primary key, the foreign keys that point at it. */
export function dropConstraint(
  schema: KnownSchema,
  key: string,
  relation: KnownRelation,
  name: string,
): void {
  const dropped = relation.constraints.find((constraint) => constraint.name === name);
  relation.constraints = relation.constraints.filter((constraint) => constraint !== dropped);
  if (!dropped || !/^(primary|unique|exclusion)$/.test(dropped.kind)) return;
  const index = relation.indexes.find((each) => each.name === name);
  if (index) removeIndex(schema, relation, index);
  // CASCADE takes the foreign keys that need it along.
  if (dropped.kind !== 'primary') return;
  for (const other of schema.relations.values()) {
    other.constraints = other.constraints.filter((constraint) => constraint.references !== key);
  }
}
