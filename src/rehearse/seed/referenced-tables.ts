import type { Session } from '../../database/session';

/**
 * Oids of these relations and of what their rows need: their partitions, the tables their foreign keys point at, those their views
 * read, and what those need in turn. A foreign key that may be null is followed from the named relations only.
 */
export async function withReferencedTables(session: Session, oids: readonly string[]): Promise<string[]> {
  const { rows } = await session.query<{ oid: string }>(closureSql, [oids], {
    keptAs: 'switchback_referenced_tables',
  });
  return rows.map((row) => row.oid);
}

/**
 * https://www.postgresql.org/docs/current/catalog-pg-depend.html: a view's rule depends on what the view reads;
 * https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-PARMS-REFERENCES: with MATCH SIMPLE one null is enough,
 * with MATCH FULL all have to be null.
 */
const closureSql = `
  with recursive edges(source, target, needed, named) as (
    select k.conrelid, k.confrelid, (
        select case k.confmatchtype when 'f' then bool_or(a.attnotnull) else bool_and(a.attnotnull) end
          from pg_attribute a where a.attrelid = k.conrelid and a.attnum = any(k.conkey)), false
      from pg_constraint k where k.contype = 'f'
    union all select inhparent, inhrelid, true, true from pg_inherits
    union all select r.ev_class, d.refobjid, true, true from pg_rewrite r join pg_depend d on d.classid = 'pg_rewrite'::regclass
       and d.objid = r.oid and d.refclassid = 'pg_class'::regclass and d.refobjid <> r.ev_class
  ), touched(oid, named) as (
    select unnest($1::oid[]), true
    union select edges.target, touched.named and edges.named
      from touched join edges on edges.source = touched.oid and (edges.needed or touched.named)
  )
  select distinct c.oid::text as oid from touched join pg_class c on c.oid = touched.oid where c.relkind in ('r', 'p', 'm')`;
