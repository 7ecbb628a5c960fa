import type { Session } from '../../database/session';

/** Oids of these relations, of their partitions, of the tables their foreign keys point at and of those their views read. */
export async function withReferencedTables(session: Session, oids: readonly string[]): Promise<string[]> {
  const { rows } = await session.query<{ oid: string }>(closureSql, [oids], {
    keptAs: 'switchback_referenced_tables',
  });
  return rows.map((row) => row.oid);
}

/** https://www.postgresql.org/docs/current/catalog-pg-depend.html: a view's rule depends on what the view reads. */
const closureSql = `
  with recursive edges(source, target) as (
    select conrelid, confrelid from pg_constraint where contype = 'f'
    union all select inhparent, inhrelid from pg_inherits
    union all select r.ev_class, d.refobjid from pg_rewrite r join pg_depend d on d.classid = 'pg_rewrite'::regclass
       and d.objid = r.oid and d.refclassid = 'pg_class'::regclass and d.refobjid <> r.ev_class
  ), touched(oid) as (
    select unnest($1::oid[])
    union select edges.target from touched join edges on edges.source = touched.oid
  )
  select distinct c.oid::text as oid from touched join pg_class c on c.oid = touched.oid where c.relkind in ('r', 'p', 'm')`;
