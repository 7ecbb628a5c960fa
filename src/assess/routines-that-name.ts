import type { Session } from '../database/session';
import { quoteIdentifier, quoteLiteral, type QualifiedName } from '../sql/identifier';

/**
 * SQL that is true of a row `p` of pg_proc whose text names the relation where SQL would: `FROM orders`,
 * `UPDATE app.orders`, `orders%ROWTYPE`. Dynamic SQL counts, as it is text too.
 */
export function namesRelation(relation: QualifiedName): string {
  const name = spellings(relation.name);
  const own = `(?:${spellings(relation.schema)}\\s*\\.\\s*)?${name}`;
  const before = '(?:\\m(?:from|join|into|update|only|using|table|truncate|copy|lock|references)|,)';
  const start = '(?:^|[^[:alnum:]_$])';
  const pattern = `${before}\\s*${own}(?![[:alnum:]_$"])|${start}${own}\\s*(?:\\.\\s*[[:alnum:]_$"]+\\s*%\\s*type|%\\s*rowtype)`;
  return `p.prosrc ~* ${quoteLiteral(pattern)}`;
}

/** Signatures of the routines whose text names the relation. The catalog keeps no other trace of it. */
export async function routinesThatName(
  session: Session,
  relation: QualifiedName,
  signal: AbortSignal,
): Promise<string[]> {
  const { rows } = await session.query<{ signature: string }>(
    `SELECT p.oid::pg_catalog.regprocedure::text AS signature FROM pg_catalog.pg_proc p WHERE ${ownRoutine} AND ${namesRelation(relation)} ORDER BY 1`,
    [],
    { signal },
  );
  return rows.map(({ signature }) => signature);
}

/** SQL that is true of a row `p` of pg_proc that a user wrote, apart from extensions. */
export const ownRoutine =
  `p.pronamespace NOT IN (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname IN ('pg_catalog', 'information_schema', 'switchback'))` +
  ` AND p.prolang NOT IN (SELECT oid FROM pg_catalog.pg_language WHERE lanname IN ('c', 'internal'))` +
  ` AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.pg_proc'::regclass AND e.objid = p.oid AND e.deptype = 'e')`;

/** A name bare and in quotes; how it is spelled between them when it needs none does not matter here. */
function spellings(name: string): string {
  const quoted = escapeRegex(quoteIdentifier(name));
  return /^[a-z_][a-z0-9_$]*$/.test(name) ? `(?:${escapeRegex(name)}|${quoted})` : quoted;
}

function escapeRegex(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
