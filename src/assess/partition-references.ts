import { withQualifiedOutput } from '../catalog/qualified-output';
import type { ForeignKeyFacts } from '../catalog/table-facts';
import { formatQualifiedName } from '../sql/identifier';
import type { Look } from './changes/change-type';

/** A foreign key to the table, and what is known of the table that has it. */
export interface IncomingReference extends ForeignKeyFacts {
  comment: string | null;
  /** Whether the table that has it is partitioned. */
  partitioned: boolean;
  /** Partitions where it has another name or a comment, which would not come back. */
  ownNames: string[];
  owner: string;
  mayAlter: boolean;
  /** What it does on DELETE and on UPDATE. */
  onDelete: string;
  onUpdate: string;
}

interface Row extends Pick<
  IncomingReference,
  'name' | 'comment' | 'partitioned' | 'ownNames' | 'owner' | 'mayAlter' | 'onDelete' | 'onUpdate'
> {
  schema: string;
  table: string;
}

/** The foreign keys of other tables to the table, and its own. Reads only. */
export async function readIncomingReferences({ session, table, signal }: Look): Promise<IncomingReference[]> {
  const { rows } = await withQualifiedOutput(session, () =>
    session.query<Row>(referencesQuery, [formatQualifiedName(table.name)], { signal }),
  );
  return table.foreignKeysIn.flatMap((key) => {
    const row = rows.find(
      (each) => each.name === key.name && each.schema === key.from.schema && each.table === key.from.name,
    );
    if (row === undefined) return [];
    const { schema: _schema, table: _table, ...rest } = row;
    return [{ ...key, ...rest }];
  });
}

/** https://www.postgresql.org/docs/current/catalog-pg-constraint.html */
const actionOf = (column: string): string =>
  `CASE k.${column} WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT' WHEN 'r' THEN 'RESTRICT' ELSE 'NO ACTION' END`;

const referencesQuery = `
  SELECT k.conname::text AS name, n.nspname::text AS schema, c.relname::text AS table,
         pg_catalog.obj_description(k.oid, 'pg_constraint') AS comment, c.relkind = 'p' AS partitioned,
         ARRAY(SELECT p.conrelid::pg_catalog.regclass::text FROM pg_catalog.pg_constraint p
                WHERE c.relkind = 'p' AND p.contype = 'f' AND p.confrelid = k.confrelid AND p.oid <> k.oid
                  AND p.oid IN (WITH RECURSIVE part(oid) AS (SELECT k.oid UNION ALL SELECT q.oid FROM pg_catalog.pg_constraint q JOIN part ON q.conparentid = part.oid) SELECT oid FROM part)
                  AND (p.conname <> k.conname OR pg_catalog.obj_description(p.oid, 'pg_constraint') IS NOT NULL) ORDER BY 1) AS "ownNames",
         pg_catalog.pg_get_userbyid(c.relowner)::text AS owner, pg_catalog.pg_has_role(c.relowner, 'USAGE') AS "mayAlter",
         ${actionOf('confdeltype')} AS "onDelete", ${actionOf('confupdtype')} AS "onUpdate"
    FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = k.conrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE k.contype = 'f' AND k.confrelid = pg_catalog.to_regclass($1)`;
