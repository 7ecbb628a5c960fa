import type { Session } from '../database/session';
import type { DomainFacts } from './change-facts';

/** A domain's base type and all constraints, those of domains below it too; null for one without constraints. */
export async function readDomain(
  session: Session,
  type: string,
  signal: AbortSignal,
): Promise<DomainFacts | null> {
  const { rows } = await session.query<{
    base: string | null;
    not_null: boolean;
    checks: { name: string; definition: string }[] | null;
  }>(
    `WITH RECURSIVE layers(oid, base, modifier, not_null, depth) AS (
       SELECT t.oid, t.typbasetype, t.typtypmod, t.typnotnull, 1 FROM pg_catalog.pg_type t
        WHERE t.oid = pg_catalog.pg_typeof((SELECT NULL::${type} WHERE false))::oid AND t.typtype = 'd'
       UNION ALL
       SELECT t.oid, t.typbasetype, t.typtypmod, t.typnotnull, l.depth + 1
         FROM layers l JOIN pg_catalog.pg_type t ON t.oid = l.base WHERE t.typtype = 'd'
     )
     SELECT (SELECT format_type(base, modifier) FROM layers ORDER BY depth DESC LIMIT 1) AS base,
            bool_or(not_null) AS not_null,
            (SELECT json_agg(json_build_object('name', c.conname, 'definition', pg_get_constraintdef(c.oid)) ORDER BY c.conname)
               FROM pg_catalog.pg_constraint c JOIN layers l ON l.oid = c.contypid WHERE c.contype = 'c') AS checks
       FROM layers`,
    [],
    { signal },
  );
  const row = rows[0];
  if (!row?.base || (!row.not_null && row.checks === null)) return null;
  return { baseType: row.base, notNull: row.not_null, checks: row.checks ?? [] };
}
