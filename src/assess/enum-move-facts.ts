import { columnOf } from '../catalog/read-table-facts';
import { withQualifiedOutput } from '../catalog/qualified-output';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { formatIdentifier, formatQualifiedName, quoteLiteral } from '../sql/identifier';
import type { Look } from './changes/change-type';
import { enumCasts, literalDefault } from './enum-literals';
import type { OwnType } from './own-type';
import type { Rights } from './rights';
import { ownRoutine } from './routines-that-name';

/** What has to be known to move a column from an enum to another type. */
export interface EnumMoveFacts {
  /** The value that is the column's default; null without one. */
  defaultLabel: string | null;
  /** What else needs the enum, as the server describes it. */
  others: string[];
  /** Routines whose text names the enum. */
  texts: string[];
  comment: string | null;
  rights: Rights;
  /** Names of types in its schema. */
  takenTypes: string[];
}

/** Reads what else needs the enum of a column, and how it is. Reads only. */
export async function readEnumMove(column: string, { name }: OwnType, at: Look): Promise<EnumMoveFacts> {
  const { session, parser, table, signal } = at;
  const { rows } = await withQualifiedOutput(session, () =>
    session.query<Omit<EnumMoveFacts, 'defaultLabel'>>(
      enumQuery,
      [formatQualifiedName(name), formatQualifiedName(table.name), column],
      { signal },
    ),
  );
  const expression = columnOf(table, column).default;
  const label = expression === null ? null : literalDefault(parser, expression, name);
  return { ...rows[0]!, defaultLabel: label ?? null };
}

/** A default that is computed cannot be told apart from the enum. */
export function computedDefaultBlockers(column: string, { defaultLabel }: EnumMoveFacts, at: Look): string[] {
  const { default: expression } = columnOf(at.table, column);
  if (expression === null || defaultLabel !== null) return [];
  return [
    t(
      'The default of {0} is computed: {1}. Set a value as default first, or drop it.',
      formatIdentifier(column),
      expression,
    ),
  ];
}

/** CHECKs of the column with the values that they spell. */
export function checksWithLabels(
  column: string,
  { name }: OwnType,
  { table, parser }: Pick<Look, 'table' | 'parser'>,
): { name: string; definition: string; labels: string[] }[] {
  return table.constraints
    .filter(({ kind, columns }) => kind === 'check' && columns.includes(column))
    .map(({ name: check, definition }) => ({
      name: check,
      definition,
      labels: enumCasts(parser, `ALTER TABLE x ADD ${definition}`, name).flatMap(({ labels }) => labels),
    }));
}

/** Throws `invalid-input` for a column that the server computes. */
export function refuseGeneratedEnum(column: string, table: Look['table']): void {
  if (columnOf(table, column).generated === null) return;
  throw new SwitchbackError(
    'invalid-input',
    t(
      '{0}.{1} is a generated column, which gets its type with its expression. Drop it and add one that computes the new type.',
      formatQualifiedName(table.name),
      formatIdentifier(column),
    ),
  );
}

/** The sentence for what else needs the enum. */
export function othersBlockers({ name }: OwnType, { others }: EnumMoveFacts, value: string): string[] {
  if (others.length === 0) return [];
  return [
    t(
      'The enum {0} loses {1} by being made anew, and these need it as well: {2}. Give columns a type of their own first (change-column-type), and drop what else it is before the change.',
      formatQualifiedName(name),
      quoteLiteral(value),
      others.join(', '),
    ),
  ];
}

/**
 * What depends on the enum or on arrays of it, apart from the column itself in the table and in its partitions: its default,
 * its checks and its views are looked at with the column.
 */
const enumQuery = `
  WITH meant AS (SELECT t.* FROM pg_catalog.pg_type t WHERE t.oid = pg_catalog.to_regtype($1)),
  own AS (
    SELECT a.attrelid, a.attnum FROM pg_catalog.pg_attribute a
     WHERE a.attname = $3 AND NOT a.attisdropped
       AND (a.attrelid = pg_catalog.to_regclass($2) OR a.attrelid IN (SELECT relid FROM pg_catalog.pg_partition_tree(pg_catalog.to_regclass($2))))
  ), used AS (
    SELECT d.classid, d.objid, d.objsubid FROM pg_catalog.pg_depend d, meant m
     WHERE d.refclassid = 'pg_catalog.pg_type'::regclass AND d.refobjid IN (m.oid, m.typarray) AND d.deptype <> 'i'
       AND NOT EXISTS (SELECT FROM own WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = own.attrelid AND d.objsubid = own.attnum)
       AND NOT EXISTS (SELECT FROM own JOIN pg_catalog.pg_attrdef f ON f.adrelid = own.attrelid AND f.adnum = own.attnum
                        WHERE d.classid = 'pg_catalog.pg_attrdef'::regclass AND d.objid = f.oid)
       AND NOT EXISTS (SELECT FROM own JOIN pg_catalog.pg_constraint k ON k.conrelid = own.attrelid AND own.attnum = ANY (k.conkey)
                        WHERE d.classid = 'pg_catalog.pg_constraint'::regclass AND d.objid = k.oid)
       AND NOT (d.classid = 'pg_catalog.pg_rewrite'::regclass AND EXISTS (
             SELECT FROM pg_catalog.pg_depend v JOIN own ON v.refobjid = own.attrelid AND v.refobjsubid = own.attnum
              WHERE v.classid = d.classid AND v.objid = d.objid AND v.refclassid = 'pg_catalog.pg_class'::regclass))
  )
  SELECT ARRAY(SELECT DISTINCT pg_catalog.pg_describe_object(classid, objid, objsubid) FROM used ORDER BY 1) AS others,
         ARRAY(SELECT p.oid::pg_catalog.regprocedure::text FROM pg_catalog.pg_proc p
                WHERE ${ownRoutine} AND pg_catalog.strpos(p.prosrc, m.typname) > 0 ORDER BY 1) AS texts,
         pg_catalog.obj_description(m.oid, 'pg_type') AS comment,
         json_build_object('owner', pg_catalog.pg_get_userbyid(m.typowner), 'isDefault', m.typacl IS NULL,
           'privileges', (SELECT coalesce(json_agg(json_build_object('privilege', a.privilege_type, 'column', NULL, 'grantable', a.is_grantable,
                            'grantee', CASE WHEN a.grantee = 0 THEN 'public' ELSE pg_catalog.pg_get_userbyid(a.grantee)::text END)), '[]')
                            FROM pg_catalog.aclexplode(m.typacl) AS a),
           'defaultGrantees', (SELECT coalesce(json_agg(DISTINCT CASE WHEN g.grantee = 0 THEN 'public' ELSE pg_catalog.pg_get_userbyid(g.grantee)::text END), '[]')
                                 FROM pg_catalog.pg_default_acl d CROSS JOIN LATERAL pg_catalog.aclexplode(d.defaclacl) AS g
                                WHERE d.defaclobjtype = 'T' AND pg_catalog.pg_get_userbyid(d.defaclrole) = current_user AND g.grantee <> d.defaclrole
                                  AND (d.defaclnamespace = 0 OR d.defaclnamespace = m.typnamespace))) AS rights,
         ARRAY(SELECT t.typname::text FROM pg_catalog.pg_type t WHERE t.typnamespace = m.typnamespace) AS "takenTypes"
    FROM meant m`;
