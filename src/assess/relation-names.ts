import type { QualifiedName } from '../sql/identifier';
import type { Look } from './changes/change-type';

/** Names that no new table can have in the schemas of these: of relations and of types. */
export async function relationNames(
  { session, signal }: Look,
  tables: readonly QualifiedName[],
): Promise<string[]> {
  const { rows } = await session.query<{ name: string }>(
    `SELECT c.relname::text AS name FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ANY ($1::text[])
      UNION SELECT y.typname::text FROM pg_catalog.pg_type y JOIN pg_catalog.pg_namespace n ON n.oid = y.typnamespace
      WHERE n.nspname = ANY ($1::text[])`,
    [[...new Set(tables.map(({ schema }) => schema))]],
    { signal },
  );
  return rows.map(({ name }) => name);
}
