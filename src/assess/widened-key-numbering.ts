import type { TableFacts } from '../catalog/table-facts';
import { formatQualifiedName, type QualifiedName } from '../sql/identifier';
import type { Look } from './changes/change-type';

/** A sequence that numbers rows by a column. */
export interface Numbering {
  column: string;
  sequence: QualifiedName;
  /** `identity`: it is part of the column. `owned`: it goes with it. `used`: its default takes from it. */
  by: 'identity' | 'owned' | 'used';
  type: string;
  /** Of all numbers as text: a double does not hold them. */
  start: string;
  increment: string;
  minimum: string;
  maximum: string;
  cache: string;
  cycle: boolean;
  comment: string | null;
  privileges: { grantee: string; privilege: string; grantable: boolean }[];
  /** Whom default privileges give rights on a new sequence of this owner; `public` is everybody. */
  defaultGrantees: string[];
  /** What else depends on it, such as a default of another table. */
  others: string[];
}

/** The sequences that these columns number their rows by. */
export async function readNumbering(
  { name, owner }: TableFacts,
  columns: readonly string[],
  { session, signal }: Look,
): Promise<Numbering[]> {
  type Row = Omit<Numbering, 'sequence'> & { schema: string; name: string };
  const { rows } = await session.query<Row>(
    numberingQuery,
    [formatQualifiedName(name), [...columns], owner, name.schema],
    { signal },
  );
  return rows.map(({ schema, name: sequence, ...row }) => ({
    ...row,
    sequence: { schema, name: sequence },
  }));
}

const granteeOf = `CASE WHEN g.grantee = 0 THEN 'public' ELSE pg_catalog.pg_get_userbyid(g.grantee)::text END`;

const numberingQuery = `
  WITH used AS (
    SELECT d.objid AS sequence, a.attname, CASE d.deptype WHEN 'i' THEN 'identity' ELSE 'owned' END AS by
      FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
     WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass
       AND d.refobjid = pg_catalog.to_regclass($1) AND d.deptype IN ('a', 'i') AND a.attname = ANY ($2)
     UNION ALL
    SELECT d.refobjid, a.attname, 'used'
      FROM pg_catalog.pg_attrdef f JOIN pg_catalog.pg_attribute a ON a.attrelid = f.adrelid AND a.attnum = f.adnum
      JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_attrdef'::regclass AND d.objid = f.oid AND d.refclassid = 'pg_catalog.pg_class'::regclass
     WHERE f.adrelid = pg_catalog.to_regclass($1) AND a.attname = ANY ($2)
  )
  SELECT DISTINCT ON (c.oid, u.attname) u.attname::text AS column, n.nspname::text AS schema, c.relname::text AS name, u.by,
         pg_catalog.format_type(s.seqtypid, NULL) AS type, s.seqstart::text AS start, s.seqincrement::text AS increment,
         s.seqmin::text AS minimum, s.seqmax::text AS maximum, s.seqcache::text AS cache, s.seqcycle AS cycle,
         pg_catalog.obj_description(c.oid, 'pg_class') AS comment,
         (SELECT coalesce(json_agg(json_build_object('grantee', ${granteeOf}, 'privilege', g.privilege_type, 'grantable', g.is_grantable)
                            ORDER BY g.grantee, g.privilege_type), '[]')
            FROM pg_catalog.aclexplode(c.relacl) AS g WHERE g.grantee <> c.relowner) AS privileges,
         ARRAY(SELECT DISTINCT ${granteeOf} FROM pg_catalog.pg_default_acl d CROSS JOIN LATERAL pg_catalog.aclexplode(d.defaclacl) AS g
                WHERE d.defaclobjtype = 'S' AND pg_catalog.pg_get_userbyid(d.defaclrole) = $3 AND g.grantee <> d.defaclrole
                  AND (d.defaclnamespace = 0 OR d.defaclnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = $4))
                ORDER BY 1) AS "defaultGrantees",
         ARRAY(SELECT pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid) FROM pg_catalog.pg_depend d
                WHERE d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = c.oid AND d.deptype = 'n'
                  AND NOT EXISTS (SELECT FROM pg_catalog.pg_attrdef f JOIN pg_catalog.pg_attribute a ON a.attrelid = f.adrelid AND a.attnum = f.adnum
                                   WHERE d.classid = 'pg_catalog.pg_attrdef'::regclass AND f.oid = d.objid
                                     AND f.adrelid = pg_catalog.to_regclass($1) AND a.attname = u.attname) ORDER BY 1) AS others
    FROM used u JOIN pg_catalog.pg_class c ON c.oid = u.sequence AND c.relkind = 'S'
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_sequence s ON s.seqrelid = c.oid
   ORDER BY c.oid, u.attname, u.by`;
