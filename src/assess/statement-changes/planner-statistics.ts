import type { AlterTableCmd } from '@pgsql/types';
import { dottedKey, type KnownSchema } from '../../safety/known-schema';
import { formatQualifiedName, parseQualifiedName, type QualifiedName } from '../../sql/identifier';
import type { Statement } from '../../sql/statement';
import { asKind, strings } from '../../sql/tree';
import type { SingleChange } from '../change';
import { existingTable } from './existing-table';

const kinds = ['ndistinct', 'dependencies', 'mcv'] as const;

/** CREATE STATISTICS of columns, and DROP STATISTICS of ones whose table is known; null for all else. */
export function extendedStatistics(statement: Statement, schema: KnownSchema): SingleChange | null {
  return createdStatistics(statement, schema) ?? droppedStatistics(statement, schema);
}

/** SET STATISTICS of a column; null for other commands, and for a column of an index, which has a number only. */
export function statisticsTarget(
  { subtype, name: column, def }: AlterTableCmd,
  table: QualifiedName,
): SingleChange | null {
  if (subtype !== 'AT_SetStatistics' || column === undefined) return null;
  const written = asKind(def, 'Integer');
  // The parser leaves a zero out, and DEFAULT (PostgreSQL 17) has no number at all.
  const target = written ? (written.ival ?? 0) : -1;
  return { kind: 'set-statistics-target', table, column, target };
}

function createdStatistics({ node }: Statement, schema: KnownSchema): SingleChange | null {
  const create = asKind(node, 'CreateStatsStmt');
  if (!create || create.if_not_exists || create.relations?.length !== 1) return null;
  const table = existingTable(asKind(create.relations[0], 'RangeVar') ?? undefined, schema);
  const columns = (create.exprs ?? []).flatMap((element) => asKind(element, 'StatsElem')?.name ?? []);
  const [name, owner, ...more] = strings(create.defnames).reverse();
  const isBeside = more.length === 0 && (owner === undefined || owner === table?.schema);
  if (!table || !isBeside || columns.length < 2 || columns.length !== create.exprs?.length) return null;
  const written = strings(create.stat_types);
  const statistics = kinds.filter((kind) => written.includes(kind));
  if (statistics.length !== written.length) return null;
  return { kind: 'add-statistics', table, columns, name: name ?? null, statistics };
}

function droppedStatistics({ node }: Statement, schema: KnownSchema): SingleChange | null {
  const drop = asKind(node, 'DropStmt');
  if (drop?.removeType !== 'OBJECT_STATISTIC_EXT' || drop.missing_ok || drop.objects?.length !== 1)
    return null;
  const parts = strings(asKind(drop.objects[0], 'List')?.items);
  const found = [...schema.relations.values()].flatMap(({ schema: schemaname, name: relname, statistics }) =>
    statistics.map((key) => ({ key, relation: { schemaname, relname } })),
  );
  const wanted = dottedKey(schema, parts, new Map(found.map(({ key }) => [key, true])));
  const owner = found.find(({ key }) => key === wanted);
  const table = owner ? existingTable(owner.relation, schema) : null;
  // The recipe looks in the schema of the table first, and would find another one of that name there.
  const isBeside = table && formatQualifiedName({ ...table, name: parts.at(-1)! }) === wanted;
  return isBeside ? { kind: 'drop-statistics', table, name: parseQualifiedName(wanted).name } : null;
}
