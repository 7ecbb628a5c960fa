import { withQualifiedOutput } from '../catalog/qualified-output';
import { t } from '../messages/translate';
import { formatIdentifier, formatQualifiedName, type QualifiedName } from '../sql/identifier';
import type { IndexPart } from './change-facts';
import type { Look } from './changes/change-type';

type Row = Pick<
  IndexPart,
  | 'definition'
  | 'leaf'
  | 'comment'
  | 'tablespace'
  | 'options'
  | 'clustered'
  | 'constraintComment'
  | 'statistics'
> &
  Record<'schema' | 'name' | 'table_schema' | 'table_name', string> &
  Record<'parent_schema' | 'parent_name', string | null>;

/** An index with all that is attached below it, parents first. */
export async function readIndexParts({ session, signal }: Look, index: QualifiedName): Promise<IndexPart[]> {
  const { rows } = await withQualifiedOutput(session, () =>
    session.query<Row>(partsQuery, [formatQualifiedName(index)], { signal }),
  );
  return rows.map(({ schema, name, table_schema, table_name, parent_schema, parent_name, ...part }) => ({
    ...part,
    name: { schema, name },
    table: { schema: table_schema, name: table_name },
    parent:
      parent_schema === null || parent_name === null ? null : { schema: parent_schema, name: parent_name },
  }));
}

const partsQuery = `
  WITH RECURSIVE part AS (
    SELECT pg_catalog.to_regclass($1)::oid AS oid, NULL::oid AS parent, 0 AS level
     UNION ALL
    SELECT h.inhrelid, h.inhparent, part.level + 1 FROM part JOIN pg_catalog.pg_inherits h ON h.inhparent = part.oid
  )
  SELECT n.nspname::text AS schema, c.relname::text AS name, pg_catalog.pg_get_indexdef(c.oid) AS definition,
         tn.nspname::text AS table_schema, tc.relname::text AS table_name,
         pn.nspname::text AS parent_schema, p.relname::text AS parent_name, c.relkind = 'i' AS leaf,
         pg_catalog.obj_description(c.oid, 'pg_class') AS comment, s.spcname::text AS tablespace,
         ARRAY(SELECT pg_catalog.quote_ident(option_name) || '=' || pg_catalog.quote_literal(option_value)
                 FROM pg_catalog.pg_options_to_table(c.reloptions)) AS options,
         i.indisclustered AS clustered,
         (SELECT pg_catalog.obj_description(k.oid, 'pg_constraint') FROM pg_catalog.pg_constraint k
           WHERE k.conindid = c.oid AND k.contype IN ('p', 'u', 'x')) AS "constraintComment",
         coalesce((SELECT json_agg(json_build_object('column', a.attnum, 'target', a.attstattarget) ORDER BY a.attnum)
                     FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attstattarget >= 0), '[]') AS statistics
    FROM part JOIN pg_catalog.pg_class c ON c.oid = part.oid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
    JOIN pg_catalog.pg_class tc ON tc.oid = i.indrelid JOIN pg_catalog.pg_namespace tn ON tn.oid = tc.relnamespace
    LEFT JOIN pg_catalog.pg_class p ON p.oid = part.parent LEFT JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace
    LEFT JOIN pg_catalog.pg_tablespace s ON s.oid = c.reltablespace
   ORDER BY part.level, n.nspname, c.relname`;

/** Why an index cannot go: what is attached to it or depends on it. */
export async function keptIndexBlockers({ session, signal }: Look, index: QualifiedName): Promise<string[]> {
  const { rows } = await withQualifiedOutput(session, () =>
    session.query<{ attached: boolean; identity: boolean; keys: string[] }>(
      `SELECT EXISTS (SELECT FROM pg_catalog.pg_inherits WHERE inhrelid = i.indexrelid) AS attached,
              i.indisreplident AS identity,
              ARRAY(SELECT pg_catalog.quote_ident(conname) || ' (' || conrelid::regclass || ')' FROM pg_catalog.pg_constraint
                     WHERE conindid = i.indexrelid AND contype = 'f' AND conparentid = 0 ORDER BY 1) AS keys
         FROM pg_catalog.pg_index i WHERE i.indexrelid = pg_catalog.to_regclass($1)`,
      [formatQualifiedName(index)],
      { signal },
    ),
  );
  const name = formatIdentifier(index.name);
  const found = rows[0];
  const blockers: string[] = [];
  if (found?.attached)
    blockers.push(
      t('{0} is part of an index of the partitioned table above. Plan the change on that table.', name),
    );
  if (found?.identity)
    blockers.push(
      t(
        '{0} identifies rows for logical replication (REPLICA IDENTITY). Choose another identity first (set-replica-identity).',
        name,
      ),
    );
  if (found && found.keys.length > 0)
    blockers.push(
      t(
        'Foreign keys refer to what {0} keeps unique: {1}. Drop them first (drop-constraint).',
        name,
        found.keys.join(', '),
      ),
    );
  return blockers;
}
