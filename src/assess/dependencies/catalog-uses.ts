import type { Session } from '../../database/session';
import { formatQualifiedName, type QualifiedName } from '../../sql/identifier';

/** An object of the catalog, or one column of it. */
export interface CatalogObject {
  /** Oids as text: they are unsigned. */
  classId: string;
  objectId: string;
  /** 0: the whole object. */
  column: number;
}

export interface CatalogUse {
  /** What is used: one of those asked for. */
  of: CatalogObject;
  by: FoundObject;
}

export interface FoundObject extends CatalogObject {
  kind: string;
  name: string;
  /** Of relations and routines, which texts may name. */
  qualified: QualifiedName | null;
  definition: string | null;
}

/** The table or column that changes; null where it is not there. */
export async function catalogSubject(
  session: Session,
  table: QualifiedName,
  column: string | null,
  signal: AbortSignal,
): Promise<CatalogObject | null> {
  const { rows } = await session.query<{ class: string; table: string; number: number | null }>(
    `SELECT 'pg_catalog.pg_class'::regclass::oid::text AS class, c.oid::text AS table,
            (SELECT a.attnum::int FROM pg_catalog.pg_attribute a
              WHERE a.attrelid = c.oid AND a.attname = $2 AND NOT a.attisdropped) AS number
       FROM pg_catalog.pg_class c WHERE c.oid = pg_catalog.to_regclass($1)`,
    [formatQualifiedName(table), column],
    { signal },
  );
  const row = rows[0];
  if (!row || (column !== null && row.number === null)) return null;
  return { classId: row.class, objectId: row.table, column: row.number ?? 0 };
}

/**
 * What the catalog says uses these objects, one step away. A view stands for its rule, a relation for its row type, a column
 * for its default. Left out are parts of the object itself: its row type, TOAST table, default, NOT NULL, and the triggers
 * of foreign keys.
 * https://www.postgresql.org/docs/current/catalog-pg-depend.html
 */
export async function catalogUses(
  session: Session,
  objects: readonly CatalogObject[],
  signal: AbortSignal,
): Promise<CatalogUse[]> {
  if (objects.length === 0) return [];
  const { rows } = await session.query<{
    of_class: string;
    of_id: string;
    of_number: number;
    class: string;
    id: string;
    number: number;
    kind: string;
    name: string;
    definition: string | null;
    schema_name: string | null;
    bare: string | null;
  }>(
    usesQuery,
    [objects.map((o) => o.classId), objects.map((o) => o.objectId), objects.map((o) => o.column)],
    {
      signal,
    },
  );
  return rows.map((row) => ({
    of: { classId: row.of_class, objectId: row.of_id, column: row.of_number },
    by: {
      classId: row.class,
      objectId: row.id,
      column: row.number,
      kind: row.kind,
      name: row.name,
      definition: row.definition,
      qualified: row.bare === null ? null : { schema: row.schema_name ?? '', name: row.bare },
    },
  }));
}

const usesQuery = `
  WITH asked AS (SELECT * FROM unnest($1::oid[], $2::oid[], $3::int[]) AS a(class, id, number)),
       given AS (SELECT class, id, class AS as_class, id AS as_id, number FROM asked
                 UNION ALL
                 SELECT a.class, a.id, 'pg_catalog.pg_type'::regclass::oid, t.oid, 0
                   FROM asked a JOIN pg_catalog.pg_class c ON c.oid = a.id
                   JOIN pg_catalog.pg_type t ON t.oid = c.reltype
                  WHERE a.class = 'pg_catalog.pg_class'::regclass AND a.number = 0),
       users AS (
         SELECT DISTINCT g.class AS of_class, g.id AS of_id, g.number AS of_number,
                CASE WHEN r.rulename = '_RETURN' OR f.oid IS NOT NULL THEN 'pg_catalog.pg_class'::regclass::oid
                     ELSE d.classid END AS class,
                CASE WHEN r.rulename = '_RETURN' THEN r.ev_class WHEN f.oid IS NOT NULL THEN f.adrelid ELSE d.objid END AS id,
                CASE WHEN r.rulename = '_RETURN' THEN 0 ELSE coalesce(f.adnum, d.objsubid) END AS number
           FROM given g
           JOIN pg_catalog.pg_depend d ON d.refclassid = g.as_class AND d.refobjid = g.as_id
            AND (g.number = 0 OR d.refobjsubid = g.number) AND d.deptype <> 'e'
           LEFT JOIN pg_catalog.pg_rewrite r ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND r.oid = d.objid
           LEFT JOIN pg_catalog.pg_attrdef f ON d.classid = 'pg_catalog.pg_attrdef'::regclass AND f.oid = d.objid)
  SELECT CASE u.class
           WHEN 'pg_catalog.pg_class'::regclass THEN
             CASE WHEN u.number <> 0 THEN NULL
                  WHEN c.relkind IN ('v', 'm') THEN pg_catalog.pg_get_viewdef(u.id)
                  WHEN c.relkind IN ('i', 'I') THEN pg_catalog.pg_get_indexdef(u.id) END
           WHEN 'pg_catalog.pg_proc'::regclass THEN
             CASE WHEN p.prokind <> 'a' THEN pg_catalog.pg_get_functiondef(u.id) END
           WHEN 'pg_catalog.pg_constraint'::regclass THEN pg_catalog.pg_get_constraintdef(u.id)
           WHEN 'pg_catalog.pg_trigger'::regclass THEN pg_catalog.pg_get_triggerdef(u.id)
           WHEN 'pg_catalog.pg_rewrite'::regclass THEN pg_catalog.pg_get_ruledef(u.id)
           WHEN 'pg_catalog.pg_statistic_ext'::regclass THEN pg_catalog.pg_get_statisticsobjdef(u.id)
         END AS definition,
         u.of_class::text, u.of_id::text, u.of_number, u.class::text AS class, u.id::text AS id, u.number, i.type AS kind,
         replace(i.identity, 'pg_catalog.', '') AS name, n.nspname::text AS schema_name,
         CASE u.number WHEN 0 THEN coalesce(c.relname, p.proname)::text END AS bare
    FROM users u
    CROSS JOIN LATERAL pg_catalog.pg_identify_object(u.class, u.id, u.number) AS i
    LEFT JOIN pg_catalog.pg_class c ON u.class = 'pg_catalog.pg_class'::regclass AND c.oid = u.id
    LEFT JOIN pg_catalog.pg_proc p ON u.class = 'pg_catalog.pg_proc'::regclass AND p.oid = u.id
    LEFT JOIN pg_catalog.pg_namespace n ON n.oid = coalesce(c.relnamespace, p.pronamespace)
    LEFT JOIN pg_catalog.pg_trigger g ON u.class = 'pg_catalog.pg_trigger'::regclass AND g.oid = u.id
    LEFT JOIN pg_catalog.pg_constraint k ON u.class = 'pg_catalog.pg_constraint'::regclass AND k.oid = u.id
   WHERE (u.class, u.id, u.number) <> (u.of_class, u.of_id, u.of_number)
     AND u.class <> 'pg_catalog.pg_type'::regclass
     AND c.relkind IS DISTINCT FROM 't' AND g.tgisinternal IS NOT TRUE AND k.contype IS DISTINCT FROM 'n'
     -- Parts of a table go with it.
     AND NOT (u.of_number = 0 AND (u.class, u.id) = (u.of_class, u.of_id))
   ORDER BY i.type, i.identity`;
