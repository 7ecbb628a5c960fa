import type { Constraint } from '@pgsql/types';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { strings } from '../../sql/tree';
import type { FollowingMigration } from '../fix-proposal';
import type { KnownSchema } from '../known-schema';

/** A key constraint added by way of an index that was built CONCURRENTLY. */
export interface ConstraintByIndex {
  /** CREATE UNIQUE INDEX CONCURRENTLY, without its semicolon. */
  index: string;
  /** ADD CONSTRAINT ... USING INDEX, without its semicolon. */
  constraint: string;
  /** What takes both back, without its last semicolon. */
  inverse: string;
  /** The same as migrations of one statement each. */
  apart: [FollowingMigration, FollowingMigration];
}

/**
 * Both steps to a UNIQUE or PRIMARY KEY called `name`, whose index has that name from the start, as if it had been
 * added at once. `columns` where the constraint does not list them. Null for what an index cannot say: storage
 * parameters, another tablespace, WITHOUT OVERLAPS, and for partitioned tables.
 */
export function constraintByIndex(
  schema: KnownSchema,
  table: string,
  name: string,
  constraint: Constraint,
  columns: readonly string[] = strings(constraint.keys),
): ConstraintByIndex | null {
  const relation = schema.relations.get(table);
  if (constraint.options?.length || constraint.indexspace || constraint.without_overlaps) return null;
  if (relation?.kind === 'partitioned' || columns.length === 0) return null;
  const list = (names: readonly string[]): string => `(${names.map(formatIdentifier).join(', ')})`;
  const included = strings(constraint.including);
  const words = [
    `${formatIdentifier(name)} ON ${table} ${list(columns)}`,
    included.length > 0 ? `INCLUDE ${list(included)}` : '',
    constraint.nulls_not_distinct ? 'NULLS NOT DISTINCT' : '',
  ];
  const index = words.filter((word) => word !== '').join(' ');
  const kind = constraint.contype === 'CONSTR_PRIMARY' ? 'PRIMARY KEY' : 'UNIQUE';
  const deferral = constraint.deferrable
    ? ` DEFERRABLE${constraint.initdeferred ? ' INITIALLY DEFERRED' : ''}`
    : '';
  const add = `ALTER TABLE ${table} ADD CONSTRAINT ${formatIdentifier(name)} ${kind} USING INDEX ${formatIdentifier(name)}${deferral}`;
  const drop = `ALTER TABLE ${table} DROP CONSTRAINT`;
  const dropIndex = `DROP INDEX CONCURRENTLY IF EXISTS ${formatQualifiedName({ schema: schemaOf(schema, table), name })}`;
  return {
    index: `CREATE UNIQUE INDEX CONCURRENTLY ${index}`,
    constraint: add,
    inverse: `${drop} IF EXISTS ${formatIdentifier(name)};\n${dropIndex}`,
    apart: [
      {
        name: `index ${name}`,
        up: `CREATE UNIQUE INDEX CONCURRENTLY ${index};\n`,
        down: `${dropIndex};\n`,
        transactional: false,
      },
      {
        name: `constraint ${name}`,
        up: `${add};\n`,
        // The index goes with its constraint; the migration before it left one.
        down: `${drop} ${formatIdentifier(name)};\n-- The index went with its constraint. Writes wait until it is built again.\nCREATE UNIQUE INDEX ${index};\n`,
        transactional: true,
      },
    ],
  };
}

/** The schema of a table; of one that is not known, what its key says. */
export function schemaOf(schema: KnownSchema, table: string): string {
  const known = schema.relations.get(table)?.schema;
  if (known !== undefined) return known;
  const written = /^(?:"((?:[^"]|"")+)"|([^."]+))\./.exec(table);
  return written?.[1]?.replaceAll('""', '"') ?? written?.[2] ?? 'public';
}
