import type {
  AlterPublicationStmt,
  AlterSeqStmt,
  ClusterStmt,
  CreatePublicationStmt,
  CreateStatsStmt,
  CreateTrigStmt,
  Node,
} from '@pgsql/types';
import { asKind, strings } from '../sql/tree';
import { clusterOn } from './known-schema-alter';
import { dottedKey, relationKey, type KnownSchema } from './known-schema';
import { partitionsOf } from './known-neighbours';
import { ownerNamed } from './sequence-owner';

/** ALTER SEQUENCE ... OWNED BY. */
export function foldAlterSequence(schema: KnownSchema, fields: AlterSeqStmt): void {
  const sequence = schema.relations.get(relationKey(schema, fields.sequence));
  const owner = ownerNamed(schema, fields.options);
  if (sequence && owner !== undefined) sequence.ownedBy = owner;
}

/** CREATE TRIGGER: what it runs. */
export function foldTriggerFunction(schema: KnownSchema, fields: CreateTrigStmt): void {
  const key = relationKey(schema, fields.relation);
  const trigger = {
    name: fields.trigname ?? '',
    runs: dottedKey(schema, strings(fields.funcname), schema.functions),
  };
  // A row trigger of a partitioned table is copied to its partitions.
  for (const each of [key, ...(fields.row ? partitionsOf(schema, key) : [])]) {
    const relation = schema.relations.get(each);
    if (relation && !relation.triggers.some(({ name }) => name === trigger.name))
      relation.triggers.push({ ...trigger });
  }
}

/** CLUSTER ... USING remembers its index. */
export function foldCluster(schema: KnownSchema, fields: ClusterStmt): void {
  const relation = schema.relations.get(relationKey(schema, fields.relation));
  if (relation && fields.indexname) clusterOn(relation, fields.indexname);
}

/** CREATE STATISTICS. */
export function foldStatistics(schema: KnownSchema, fields: CreateStatsStmt): void {
  const key = dottedKey(schema, strings(fields.defnames), new Map());
  for (const node of fields.relations ?? []) {
    const relation = schema.relations.get(relationKey(schema, asKind(node, 'RangeVar') ?? undefined));
    if (fields.defnames && relation) relation.statistics.push(key);
  }
}

/** CREATE PUBLICATION. */
export function foldCreatePublication(schema: KnownSchema, fields: CreatePublicationStmt): void {
  schema.publications.set(fields.pubname ?? '', publishedTables(schema, fields.pubobjects));
}

/** ALTER PUBLICATION: tables that come and go. */
export function foldAlterPublication(schema: KnownSchema, fields: AlterPublicationStmt): void {
  const tables = publishedTables(schema, fields.pubobjects);
  const before = schema.publications.get(fields.pubname ?? '') ?? [];
  if (fields.action === 'AP_SetObjects' && tables.length > 0)
    schema.publications.set(fields.pubname ?? '', tables);
  else if (fields.action === 'AP_AddObjects')
    schema.publications.set(fields.pubname ?? '', [...before, ...tables]);
  else if (fields.action === 'AP_DropObjects')
    schema.publications.set(
      fields.pubname ?? '',
      before.filter((key) => !tables.includes(key)),
    );
}

function publishedTables(schema: KnownSchema, nodes: readonly Node[] | undefined): string[] {
  const tables: string[] = [];
  for (const node of nodes ?? []) {
    const range = asKind(node, 'PublicationObjSpec')?.pubtable?.relation;
    if (range) tables.push(relationKey(schema, range));
  }
  return tables;
}
