import type { ColumnFacts } from '../catalog/table-facts';
import { withQualifiedOutput } from '../catalog/qualified-output';
import { t } from '../messages/translate';
import { formatIdentifier, formatQualifiedName, type QualifiedName } from '../sql/identifier';
import type { Look } from './changes/change-type';

/** An enum or a domain whose definition changes, and what has values of it. */
export interface OwnType {
  name: QualifiedName;
  owner: string;
  /** Whether the user may alter it. */
  mayAlter: boolean;
  /** The extension that it belongs to. */
  extension: string | null;
  /** Of an enum, in their order. */
  values: string[];
  /** What a domain is made of, as the server spells it; null for an enum. */
  base: string | null;
  /** Constraints of the domain itself, CHECK ones. */
  checks: DomainCheck[];
  uses: TypeUse[];
}

/** A CHECK of a domain. */
export interface DomainCheck {
  name: string;
  /** `CHECK ((VALUE > 0))`, without NOT VALID. */
  definition: string;
  validated: boolean;
  comment: string | null;
}

/** A column whose values are of the type. */
export interface TypeUse {
  table: QualifiedName;
  column: string;
  kind: 'table' | 'partitioned-table' | 'materialized-view' | 'foreign-table';
  /** Whether its values hold those of the type inside: arrays, rows, ranges. */
  inside: boolean;
  /** Whether rows are laid into partitions by it, and there is none for the rest. */
  decidesPartition: boolean;
  /** Whether a CHECK of the table reads it. */
  checked: boolean;
  /** Whether changes of the table are sent to subscribers. */
  published: boolean;
  /** Of the table without its indexes. */
  bytes: number;
}

interface Row extends Omit<OwnType, 'name' | 'uses'> {
  schema: string;
  type: string;
  uses: (Omit<TypeUse, 'table'> & { schema: string; name: string })[];
}

/** The type of a column of the table, with all columns everywhere that have values of it. Reads only. */
export async function readOwnType(
  { session, table, signal }: Look,
  { name: column }: ColumnFacts,
): Promise<OwnType> {
  const { rows } = await withQualifiedOutput(session, () =>
    session.query<Row>(ownTypeQuery, [formatQualifiedName(table.name), column], { signal }),
  );
  const { schema, type, uses, ...rest } = rows[0]!;
  return {
    ...rest,
    name: { schema, name: type },
    uses: uses.map(({ schema: at, name, ...use }) => ({ ...use, table: { schema: at, name } })),
  };
}

/** Why the user cannot alter the type, with the way out. */
export function typeBlockers({ name, owner, mayAlter, extension }: OwnType): string[] {
  const quoted = formatQualifiedName(name);
  if (extension !== null) {
    return [
      t(
        'The type {0} belongs to the extension {1}. Make a type of your own with what it needs, and change the column to it.',
        quoted,
        formatIdentifier(extension),
      ),
    ];
  }
  if (mayAlter) return [];
  return [t('The type {0} belongs to {1}. Connect as that role, or as one that is in it.', quoted, owner)];
}

/** `app.orders.status, app.refunds.status`: the columns with values of the type. */
export function listUses(uses: readonly TypeUse[]): string {
  return uses
    .map(({ table, column }) => `${formatQualifiedName(table)}.${formatIdentifier(column)}`)
    .join(', ');
}

/** Types that hold others: domains over them, arrays, rows and ranges of them. Views have no values of their own. */
const ownTypeQuery = `
  WITH RECURSIVE meant AS (
    SELECT t.* FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
     WHERE a.attrelid = pg_catalog.to_regclass($1) AND a.attname = $2 AND NOT a.attisdropped
  ), holding(oid, inside) AS (
    SELECT oid, false FROM meant
    UNION
    SELECT t.oid, h.inside OR t.typtype <> 'd'
      FROM holding h JOIN pg_catalog.pg_type t
        ON (t.typtype = 'd' AND t.typbasetype = h.oid) OR (t.typcategory = 'A' AND t.typelem = h.oid)
        OR (t.typtype = 'c' AND EXISTS (SELECT FROM pg_catalog.pg_attribute a
                                         WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped AND a.atttypid = h.oid))
        OR (t.typtype = 'r' AND EXISTS (SELECT FROM pg_catalog.pg_range r WHERE r.rngtypid = t.oid AND r.rngsubtype = h.oid))
  ), used AS (
    SELECT c.oid, n.nspname::text AS schema, c.relname::text AS name, a.attname::text AS column, a.attnum AS place, h.inside,
           CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned-table' WHEN 'm' THEN 'materialized-view' ELSE 'foreign-table' END AS kind,
           EXISTS (SELECT FROM pg_catalog.pg_partitioned_table p
                    WHERE p.partrelid = c.oid AND p.partdefid = 0 AND p.partstrat <> 'h' AND a.attnum = ANY (p.partattrs::int2[])) AS "decidesPartition",
           EXISTS (SELECT FROM pg_catalog.pg_constraint k
                    WHERE k.conrelid = c.oid AND k.contype = 'c' AND a.attnum = ANY (k.conkey)) AS checked,
           EXISTS (SELECT FROM pg_catalog.pg_publication_tables p WHERE p.schemaname = n.nspname AND p.tablename = c.relname) AS published,
           pg_catalog.pg_table_size(c.oid)::float8 AS bytes
      FROM (SELECT oid, bool_or(inside) AS inside FROM holding GROUP BY oid) h
      JOIN pg_catalog.pg_attribute a ON a.atttypid = h.oid AND a.attnum > 0 AND NOT a.attisdropped
      JOIN pg_catalog.pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p', 'm', 'f') AND c.relpersistence <> 't'
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  )
  SELECT n.nspname::text AS schema, m.typname::text AS type, pg_catalog.pg_get_userbyid(m.typowner)::text AS owner,
         pg_catalog.pg_has_role(m.typowner, 'USAGE') AS "mayAlter",
         (SELECT e.extname::text FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid
           WHERE d.classid = 'pg_catalog.pg_type'::regclass AND d.objid = m.oid AND d.deptype = 'e') AS extension,
         ARRAY(SELECT enumlabel::text FROM pg_catalog.pg_enum WHERE enumtypid = m.oid ORDER BY enumsortorder) AS values,
         CASE m.typtype WHEN 'd' THEN pg_catalog.format_type(m.typbasetype, m.typtypmod) END AS base,
         (SELECT coalesce(json_agg(json_build_object('name', k.conname, 'validated', k.convalidated,
                   'definition', regexp_replace(pg_catalog.pg_get_constraintdef(k.oid), ' NOT VALID$', ''),
                   'comment', pg_catalog.obj_description(k.oid, 'pg_constraint')) ORDER BY k.conname), '[]')
            FROM pg_catalog.pg_constraint k WHERE k.contypid = m.oid AND k.contype = 'c') AS checks,
         (SELECT coalesce(json_agg(to_jsonb(u) - 'oid' - 'place' ORDER BY u.schema, u.name, u.place), '[]') FROM used u) AS uses
    FROM meant m JOIN pg_catalog.pg_namespace n ON n.oid = m.typnamespace`;
