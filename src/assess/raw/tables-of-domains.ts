import type { QualifiedName } from '../../sql/identifier';
import type { ParsedSql } from '../../sql/statement';
import { asKind, strings } from '../../sql/tree';
import type { Look } from '../changes/change-type';

/** The tables with a column of a domain that a script alters: they are locked and read for it. */
export async function tablesOfDomains(
  { statements }: ParsedSql,
  { session, signal }: Pick<Look, 'session' | 'signal'>,
): Promise<QualifiedName[]> {
  const domains = statements
    .map(({ node }) => strings(asKind(node, 'AlterDomainStmt')?.typeName))
    .filter((parts) => parts.length === 2);
  if (domains.length === 0) return [];
  const { rows } = await session.query<QualifiedName>(
    `WITH RECURSIVE found(oid) AS (
       SELECT d.oid FROM pg_catalog.pg_type d JOIN pg_catalog.pg_namespace n ON n.oid = d.typnamespace
         JOIN unnest($1::text[], $2::text[]) AS asked(schema, name) ON asked.schema = n.nspname AND asked.name = d.typname
       UNION SELECT d.oid FROM pg_catalog.pg_type d JOIN found f ON d.typbasetype = f.oid
     )
     SELECT DISTINCT n.nspname::text AS schema, c.relname::text AS name
       FROM pg_catalog.pg_attribute a JOIN found f ON f.oid = a.atttypid
       JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'm')`,
    [domains.map(([schema]) => schema), domains.map(([, name]) => name)],
    { signal },
  );
  return rows;
}
