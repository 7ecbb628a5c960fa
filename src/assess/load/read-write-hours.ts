import type { Session } from '../../database/session';
import { formatQualifiedName, type QualifiedName } from '../../sql/identifier';
import { treeOf } from '../partition-tree';
import type { WriteHours } from './load-facts';
import { quietHours, type WriteTime } from './quiet-hours';

interface ColumnRow {
  name: string;
  default: string | null;
  zoned: boolean;
  /** Ms since 1970. */
  now: number;
  zone: string;
  zone_minutes: number;
}

/** What the planner keeps of a column; times in ms since 1970, those without a zone as if they were UTC. */
export interface ColumnStatistics {
  column: string;
  /** Of the table itself, all below it included; else of one of its partitions. */
  whole: boolean;
  rows: number;
  /** Values with as many rows from each to the next, those of `common` left out. */
  bounds: number[];
  /** Values that many rows have, as those of one transaction, with their share of the rows. */
  common: { at: number; share: number }[];
  /** Share of the rows without a value. */
  nulls: number;
}

/**
 * When rows of a table are written, by hour of the day, as the planner's statistics of a column tell that says when: no row
 * is read for it. null where there is no such column, no statistics of it, or where they do not tell.
 * https://www.postgresql.org/docs/current/view-pg-stats.html
 */
export async function readWriteHours(
  session: Session,
  table: QualifiedName,
  signal: AbortSignal,
): Promise<WriteHours | null> {
  const relation = formatQualifiedName(table);
  const { rows: all } = await session.query<ColumnRow>(columnsWithTimes, [relation], { signal });
  const columns = columnsOfWrites(all);
  if (columns.length === 0) return null;
  const { rows } = await session.query<ColumnStatistics>(
    statisticsOf(table),
    [relation, columns.map(({ name }) => name)],
    { signal },
  );
  const found = columns.flatMap((column) => {
    const hours = writeHours(
      column,
      rows.filter((row) => row.column === column.name),
    );
    return hours === null ? [] : [hours];
  });
  // The column whose values are the latest: updates are writes, too.
  found.sort((one, other) => other.last.localeCompare(one.last));
  return found[0] ?? null;
}

/** Those that get the time of the write by default; where none does, those whose names say so. */
function columnsOfWrites(columns: readonly ColumnRow[]): readonly ColumnRow[] {
  const byDefault = columns.filter((column) => column.default !== null && isTimeOfWrite(column.default));
  if (byDefault.length > 0) return byDefault;
  return columns.filter(({ name }) => /^(created|updated|inserted|modified)_?at$/i.test(name));
}

/** Whether a default, as pg_get_expr words it, is the time of the write itself, and not one reckoned from it. */
export function isTimeOfWrite(expression: string): boolean {
  const call = String.raw`(?:now|transaction_timestamp|statement_timestamp|clock_timestamp)\(\)`;
  const now = String.raw`\(?(?:${call}|(?:CURRENT_TIMESTAMP|LOCALTIMESTAMP)(?:\(\d\))?)\)?`;
  const inZone = String.raw`timezone\('[^']+'::text, ${now}\)|\(${now} AT TIME ZONE '[^']+'::text\)`;
  const cast = String.raw`(?:::timestamp(?:\(\d\))? with(?:out)? time zone)?`;
  return new RegExp(`^(?:${now}|${inZone})${cast}$`).test(expression);
}

/** Autovacuum makes no statistics of a partitioned table: where there are none, or old ones, its partitions' tell. */
function writeHours(column: ColumnRow, statistics: readonly ColumnStatistics[]): WriteHours | null {
  const now = new Date(column.now);
  const quiet = [true, false]
    .map((whole) => quietHours(writeTimes(statistics.filter((each) => each.whole === whole)), now))
    .find((hours) => hours !== null);
  if (!quiet) return null;
  const { zone, zone_minutes: minutes, zoned } = column;
  return { ...quiet, column: column.name, zoned, local: zoned && minutes !== 0 ? { zone, minutes } : null };
}

/** The values of the statistics, each with the rows it stands for. */
export function writeTimes(statistics: readonly ColumnStatistics[]): WriteTime[] {
  return statistics.flatMap(({ rows, bounds, common, nulls }) => {
    const often = common.map(({ at, share }) => ({ at: new Date(at), weight: share * rows }));
    const inCommon = common.reduce((sum, { share }) => sum + share, 0);
    const each = (Math.max(0, 1 - nulls - inCommon) * rows) / Math.max(1, bounds.length);
    return [...often, ...bounds.map((at) => ({ at: new Date(at), weight: each }))];
  });
}

/** Of a domain what it is made of. */
const type = 'coalesce(nullif(t.typbasetype, 0), t.oid)';

const columnsWithTimes = `
  SELECT a.attname::text AS name, pg_catalog.pg_get_expr(d.adbin, d.adrelid) AS default,
         ${type} = 'timestamptz'::pg_catalog.regtype AS zoned, extract(epoch FROM now())::float8 * 1000 AS now,
         current_setting('TimeZone') AS zone, (extract(timezone FROM now()) / 60)::int AS zone_minutes
    FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
   WHERE a.attrelid = pg_catalog.to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped
     AND ${type} IN ('timestamptz'::pg_catalog.regtype, 'timestamp'::pg_catalog.regtype)`;

/** SQL of rows `value`, `position` of an array that has no element type in the view. JSON words times alike in any DateStyle. */
function valuesOf(column: string): string {
  return `json_array_elements_text(array_to_json(${column})) WITH ORDINALITY AS v (value, position)`;
}

/** Of so many partitions the statistics are read: of the newest ones that have any. */
const partitionsRead = 100;

/** What is not finite has no hour. */
function statisticsOf(table: QualifiedName): string {
  const zoned = `(SELECT ${type} = 'timestamptz'::pg_catalog.regtype FROM pg_catalog.pg_attribute a
    JOIN pg_catalog.pg_type t ON t.oid = a.atttypid WHERE a.attrelid = r.oid AND a.attname = s.attname)`;
  const at = `extract(epoch FROM CASE WHEN z.zoned THEN v.value::timestamptz ELSE v.value::timestamp AT TIME ZONE 'UTC' END)::float8 * 1000`;
  return `
    WITH tree AS (
      SELECT r.oid, r.relname, n.nspname, greatest(r.reltuples, 0) AS rows, r.relhassubclass,
             r.oid = pg_catalog.to_regclass($1) AS whole
        FROM pg_catalog.pg_class r JOIN pg_catalog.pg_namespace n ON n.oid = r.relnamespace
       WHERE r.oid IN ${treeOf(table)} AND (r.relkind <> 'p' OR r.oid = pg_catalog.to_regclass($1))
    )
    SELECT s.attname::text AS column, r.whole, CASE WHEN r.whole THEN 1 ELSE r.rows END::float8 AS rows,
           s.null_frac::float8 AS nulls,
           (SELECT coalesce(json_agg(${at}), '[]') FROM ${valuesOf('s.histogram_bounds')}
             WHERE isfinite(v.value::timestamp)) AS bounds,
           (SELECT coalesce(json_agg(json_build_object('at', ${at}, 'share', s.most_common_freqs[v.position])), '[]')
              FROM ${valuesOf('s.most_common_vals')} WHERE isfinite(v.value::timestamp)) AS common
      FROM tree r JOIN pg_catalog.pg_stats s ON s.schemaname = r.nspname AND s.tablename = r.relname
      CROSS JOIN LATERAL (SELECT ${zoned} AS zoned) z
     -- Said as a list, so that the view looks at no other table's columns.
     WHERE s.tablename = ANY (ARRAY(SELECT relname FROM tree)) AND s.attname = ANY ($2::name[])
       -- Of a table with others below it, there are statistics with them and without.
       AND (s.inherited OR NOT (r.whole AND r.relhassubclass))
     ORDER BY r.whole DESC, r.oid DESC LIMIT cardinality($2) * (1 + ${partitionsRead})`;
}
