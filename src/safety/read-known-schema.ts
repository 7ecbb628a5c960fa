import type { Session } from '../database/session';
import { formatQualifiedName, type QualifiedName } from '../sql/identifier';
import type { SqlParser } from '../sql/parser';
import { asKind } from '../sql/tree';
import { conjunctsOf } from './known-constraint';
import {
  emptyKnownSchema,
  type KnownColumn,
  type KnownColumnType,
  type KnownConstraint,
  type KnownRelation,
  type KnownSchema,
  type KnownType,
  type Volatility,
} from './known-schema';
import { readKnownDependents } from './read-known-dependents';
import { readRoutines } from './routines/read-routines';
import {
  constraintQuery,
  functionQuery,
  publicationQuery,
  relationQuery,
  settingsQuery,
  typeQuery,
} from './read-known-schema-queries';

export interface ReadKnownSchemaOptions {
  /** The relations and indexes concerned; what they hang together with is read too. Null reads all. */
  relations: readonly QualifiedName[] | null;
  signal?: AbortSignal;
}

/**
 * What a forecast needs, from a connected database: the relations named, their partitions, parents and
 * foreign keys' other ends, all domains, the volatility of functions and what routines run. Reads catalogs only; takes no lock
 * on tables.
 */
export async function readKnownSchema(
  session: Session,
  parser: SqlParser,
  options: ReadKnownSchemaOptions,
): Promise<KnownSchema> {
  const { signal } = options;
  const schema = emptyKnownSchema('catalog');
  const names = options.relations;
  const parameters = [names?.map((name) => name.schema) ?? null, names?.map((name) => name.name) ?? null];
  const [settings] = (await session.query<{ path: string[]; zone: string }>(settingsQuery, [], { signal }))
    .rows;
  schema.searchPath = settings?.path.length ? settings.path : ['public'];
  schema.utc = /^(utc|gmt|etc\/utc|uct|zulu)$/i.test(settings?.zone ?? '');
  for (const row of (await session.query<TypeRow>(typeQuery, [], { signal })).rows) {
    schema.types.set(formatQualifiedName(row), typeOf(row));
  }
  for (const row of (await session.query<FunctionRow>(functionQuery, [], { signal })).rows) {
    schema.functions.set(formatQualifiedName(row), row.volatility);
  }
  for (const row of (await session.query<PublicationRow>(publicationQuery, [], { signal })).rows) {
    schema.publications.set(row.name, row.tables.map(formatQualifiedName));
  }
  await readRoutines(session, parser, schema, signal);
  const relations = (
    await session.query<RelationRow>(relationQuery(session.facts.major), parameters, { signal })
  ).rows;
  for (const row of relations) schema.relations.set(formatQualifiedName(row), relationOf(row));
  const oids = relations.map((row) => row.oid);
  const constraints = await session.query<ConstraintRow>(constraintQuery(session.facts.major), [oids], {
    signal,
  });
  for (const row of constraints.rows) {
    schema.relations.get(formatQualifiedName(row))?.constraints.push(constraintOf(row, parser));
  }
  await readKnownDependents(session, schema, oids, signal);
  return schema;
}

interface TypeName {
  schema: string;
  name: string;
  category: string;
  typmod: number;
}

interface TypeRow extends QualifiedName {
  kind: KnownType['kind'];
  base: TypeName | null;
  constrained: boolean;
}

interface FunctionRow extends QualifiedName {
  volatility: Volatility;
}

interface PublicationRow {
  name: string;
  tables: QualifiedName[];
}

interface RelationRow extends QualifiedName {
  oid: number;
  kind: KnownRelation['kind'];
  persistence: KnownRelation['persistence'];
  columns: (Omit<KnownColumn, 'type'> & { type: TypeName })[];
  indexes: KnownRelation['indexes'];
  children: QualifiedName[];
  parent: QualifiedName | null;
  isDefault: boolean;
  partitionKey: (string | null)[] | null;
  reads: QualifiedName[];
  ownedBy: (QualifiedName & { column: string }) | null;
  ofType: QualifiedName | null;
  triggers: { name: string; runs: QualifiedName }[];
  statistics: QualifiedName[];
  tablespace: string;
  accessMethod: string;
  owner: string;
  rows: number | null;
  bytes: number | null;
}

interface ConstraintRow extends QualifiedName {
  constraint: string;
  type: string;
  columns: string[];
  enforced: boolean;
  validated: boolean;
  definition: string;
  references: QualifiedName | null;
  referencedColumns: string[];
  onDelete: KnownConstraint['onDelete'];
}

function typeOf(row: TypeRow): KnownType {
  return { kind: row.kind, base: row.base ? columnTypeOf(row.base) : null, constrained: row.constrained };
}

function relationOf(row: RelationRow): KnownRelation {
  const key = row.partitionKey;
  return {
    schema: row.schema,
    name: row.name,
    kind: row.kind,
    persistence: row.persistence,
    columns: row.columns.map((column) => ({ ...column, type: columnTypeOf(column.type) })),
    constraints: [],
    indexes: row.indexes,
    children: row.children.map(formatQualifiedName),
    parent: row.parent ? formatQualifiedName(row.parent) : null,
    isDefaultPartition: row.isDefault,
    partitionKey: key && key.every((column) => column !== null) ? key : null,
    reads: row.reads.map(formatQualifiedName),
    ownedBy: row.ownedBy && { table: formatQualifiedName(row.ownedBy), column: row.ownedBy.column },
    ofType: row.ofType && formatQualifiedName(row.ofType),
    triggers: row.triggers.map(({ name, runs }) => ({ name, runs: formatQualifiedName(runs) })),
    statistics: row.statistics.map(formatQualifiedName),
    tablespace: row.tablespace,
    accessMethod: row.accessMethod,
    owner: row.owner,
    dependents: [],
    fresh: false,
    rows: row.rows,
    bytes: row.bytes,
  };
}

function columnTypeOf(type: TypeName): KnownColumnType {
  const array = type.category === 'A';
  const plain = array ? type.name.replace(/^_/, '') : type.name;
  const isPlain = type.schema === 'pg_catalog' || plain === 'citext';
  const name = isPlain ? plain : formatQualifiedName({ schema: type.schema, name: plain });
  return { name, modifiers: modifiersOf(plain, type.typmod), array };
}

/** A type modifier in the numbers a declaration writes: the typmodout functions of each type. */
function modifiersOf(type: string, typmod: number): number[] {
  if (typmod < 0) return [];
  switch (type) {
    case 'varchar':
    case 'bpchar':
      return [typmod - 4];
    case 'numeric':
      return [(typmod - 4) >> 16, (((typmod - 4) & 2047) ^ 1024) - 1024];
    case 'interval':
      return [typmod >> 16, typmod & 65535];
    default:
      return [typmod];
  }
}

const constraintKinds: Record<string, KnownConstraint['kind']> = {
  c: 'check',
  f: 'foreign',
  p: 'primary',
  u: 'unique',
  x: 'exclusion',
  n: 'not-null',
};

function constraintOf(row: ConstraintRow, parser: SqlParser): KnownConstraint {
  const kind = constraintKinds[row.type] ?? 'check';
  return {
    name: row.constraint,
    kind,
    columns: row.columns,
    enforced: row.enforced,
    validated: row.validated,
    conjuncts: kind === 'check' ? conjunctsOfDefinition(row.definition, parser) : [],
    references: row.references ? formatQualifiedName(row.references) : null,
    referencedColumns: row.referencedColumns,
    onDelete: row.onDelete,
  };
}

function conjunctsOfDefinition(definition: string, parser: SqlParser): KnownConstraint['conjuncts'] {
  const statement = parser.parse(`alter table t add ${definition}`).statements[0];
  const command = asKind(asKind(statement?.node, 'AlterTableStmt')?.cmds?.[0], 'AlterTableCmd');
  const expression = asKind(command?.def, 'Constraint')?.raw_expr;
  return expression ? conjunctsOf(expression) : [];
}
