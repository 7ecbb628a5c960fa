import type { TableFacts } from '../catalog/table-facts';
import { dependentsOfColumn } from '../catalog/table-facts';
import { formatQualifiedName, type QualifiedName } from '../sql/identifier';
import type { IndexPart } from './change-facts';
import type { Look } from './changes/change-type';
import { readIndexParts } from './index-parts';
import { readNumbering, type Numbering } from './widened-key-numbering';

/** What a second column has to get beside what definitions say. */
export interface CopiedColumn {
  settings: ColumnSettings;
  /** What numbers its rows. */
  numbering: Numbering[];
  /** The indexes that use it, without those of partitions. */
  indexes: IndexPart[];
  /** Of the extended statistics that use it. */
  statistics: StatisticsRemarks[];
}

export interface ColumnSettings {
  /** `EXTERNAL`; null where it is the type's own. */
  storage: string | null;
  /** `lz4`; null where the server decides. */
  compression: string | null;
  /** `n_distinct=-0.5` */
  options: string[];
}

export interface StatisticsRemarks {
  name: QualifiedName;
  comment: string | null;
  owner: string;
  /** null where none was set. */
  target: number | null;
}

/** Reads what definitions of the column, its indexes and its statistics leave out. */
export async function readCopiedColumn(column: string, at: Look): Promise<CopiedColumn> {
  const indexes: IndexPart[] = [];
  for (const index of at.table.indexes) {
    if (!index.valid || ![...index.columns, ...index.expressionColumns].includes(column)) continue;
    indexes.push(...(await readIndexParts(at, index.name)).slice(0, 1));
  }
  return {
    settings: await readSettings(column, at),
    numbering: await readNumbering(at.table, [column], at),
    indexes,
    statistics: await readStatistics(at.table, column, at),
  };
}

async function readSettings(column: string, { session, table, signal }: Look): Promise<ColumnSettings> {
  const compression =
    session.facts.major < 14 ? 'NULL' : `CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END`;
  const { rows } = await session.query<ColumnSettings>(
    `SELECT CASE WHEN a.attstorage <> y.typstorage THEN
              CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END END AS storage,
            ${compression} AS compression, coalesce(a.attoptions, '{}') AS options
       FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type y ON y.oid = a.atttypid
      WHERE a.attrelid = pg_catalog.to_regclass($1) AND a.attname = $2 AND NOT a.attisdropped`,
    [formatQualifiedName(table.name), column],
    { signal },
  );
  return rows[0] ?? { storage: null, compression: null, options: [] };
}

async function readStatistics(
  table: TableFacts,
  column: string,
  { session, signal }: Look,
): Promise<StatisticsRemarks[]> {
  const used = dependentsOfColumn(table.dependents, column).statistics.map(({ name }) => name);
  if (used.length === 0) return [];
  type Row = Omit<StatisticsRemarks, 'name'> & { schema: string; name: string };
  // to_jsonb gives null for a column that servers before 13 do not have.
  const { rows } = await session.query<Row>(
    `SELECT n.nspname::text AS schema, s.stxname::text AS name, pg_catalog.obj_description(s.oid, 'pg_statistic_ext') AS comment,
            pg_catalog.pg_get_userbyid(s.stxowner)::text AS owner,
            nullif((pg_catalog.to_jsonb(s) ->> 'stxstattarget')::int, -1) AS target
       FROM pg_catalog.pg_statistic_ext s JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace
      WHERE s.stxrelid = pg_catalog.to_regclass($1) AND (n.nspname, s.stxname) IN (SELECT * FROM unnest($2::text[], $3::text[]))`,
    [formatQualifiedName(table.name), used.map(({ schema }) => schema), used.map(({ name }) => name)],
    { signal },
  );
  return rows.map(({ schema, name, ...remarks }) => ({ ...remarks, name: { schema, name } }));
}
