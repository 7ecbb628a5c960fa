import type { Session } from '../../database/session';
import type { Forecast } from '../../safety/forecast';
import type { Statement } from '../../sql/statement';
import { readRelations } from './relations';

/** Statements whose inside may touch any table. */
const opaqueKinds = new Set(['DoStmt', 'CallStmt', 'SelectStmt', 'ExecuteStmt']);

/**
 * Oids of the tables that a script touches as forecast, with their partitions, the tables their foreign keys point
 * at and those their views read; all tables where a statement's inside is not known.
 */
export async function touchedTables(
  session: Session,
  statements: readonly Statement[],
  forecasts: readonly Forecast[],
): Promise<string[]> {
  const relations = [...(await readRelations(session)).values()].filter((state) =>
    /^[rpvm]$/.test(state.kind),
  );
  const opaque = statements.some(({ kind }) => opaqueKinds.has(kind));
  const named = new Set(
    forecasts.flatMap(({ locks, works }) => [...locks, ...works].map((each) => each.relation)),
  );
  const start = relations.filter((state) => opaque || named.has(state.relation)).map((state) => state.oid);
  const { rows } = await session.query<{ oid: string }>(closureSql, [start]);
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
