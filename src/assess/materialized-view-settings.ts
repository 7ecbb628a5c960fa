import { quoteLiteral, formatIdentifier, formatQualifiedName } from '../sql/identifier';
import type { Look } from './changes/change-type';

/** What ALTER ... SET gave a materialized view and its columns, beside its definition. */
export interface MaterializedViewSettings {
  columns: ColumnSetting[];
  /** `autovacuum_enabled=off` of its TOAST table. */
  toast: string[];
}

interface ColumnSetting {
  column: string;
  /** What follows ALTER COLUMN. */
  clause: string;
  /** Whether it goes with the type the column has. */
  ofType: boolean;
}

/** Reads storage, compression and options of the columns, and the parameters of the TOAST table. */
export async function readMaterializedViewSettings({
  session,
  table,
  signal,
}: Look): Promise<MaterializedViewSettings> {
  const relation = formatQualifiedName(table.name);
  const compression =
    session.facts.major < 14 ? 'NULL' : `CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END`;
  const { rows } = await session.query<{
    name: string;
    storage: string | null;
    compression: string | null;
    options: string[];
  }>(
    `SELECT a.attname::text AS name, ${compression} AS compression, coalesce(a.attoptions, '{}') AS options,
            CASE WHEN a.attstorage <> y.typstorage THEN
              CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END END AS storage
       FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type y ON y.oid = a.atttypid
      WHERE a.attrelid = pg_catalog.to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
    [relation],
    { signal },
  );
  const toast = await session.query<{ options: string[] }>(
    `SELECT coalesce(w.reloptions, '{}') AS options FROM pg_catalog.pg_class c JOIN pg_catalog.pg_class w ON w.oid = c.reltoastrelid
      WHERE c.oid = pg_catalog.to_regclass($1)`,
    [relation],
    { signal },
  );
  return {
    columns: rows.flatMap((row): ColumnSetting[] => [
      ...(row.storage === null
        ? []
        : [{ column: row.name, clause: `SET STORAGE ${row.storage}`, ofType: true }]),
      ...(row.compression === null
        ? []
        : [{ column: row.name, clause: `SET COMPRESSION ${row.compression}`, ofType: true }]),
      ...(row.options.length === 0
        ? []
        : [{ column: row.name, clause: `SET (${assignments(row.options, '')})`, ofType: false }]),
    ]),
    toast: toast.rows[0]?.options ?? [],
  };
}

/** `toast.autovacuum_enabled = 'off'` of `autovacuum_enabled=off`. */
export function assignments(options: readonly string[], namespace: string): string {
  return options
    .map((option) => {
      const at = option.indexOf('=');
      return `${namespace}${formatIdentifier(option.slice(0, at))} = ${quoteLiteral(option.slice(at + 1))}`;
    })
    .join(', ');
}
