import type { PrivilegeFacts } from '../catalog/table-facts';
import { formatQualifiedName, type QualifiedName } from '../sql/identifier';
import type { Look } from './changes/change-type';

/** To whom something belongs and who may use it. */
export interface Rights {
  owner: string;
  /** What was granted, columns of it last. */
  privileges: PrivilegeFacts[];
  /** Whether nobody has granted or revoked anything on the whole of it. */
  isDefault: boolean;
  /** Whom default privileges give rights on what the user makes there; `public` is everybody. */
  defaultGrantees: string[];
}

/** The rights on a table or view. Reads only. */
export async function readRights(name: QualifiedName, { session, signal }: Look): Promise<Rights> {
  const { rows } = await session.query<Rights>(rightsQuery, [formatQualifiedName(name)], { signal });
  return rows[0]!;
}

const granted = (column: string): string =>
  `json_build_object('privilege', a.privilege_type, 'column', ${column}, 'grantable', a.is_grantable,
                     'grantee', CASE WHEN a.grantee = 0 THEN 'public' ELSE pg_catalog.pg_get_userbyid(a.grantee) END)`;

const rightsQuery = `
  SELECT pg_catalog.pg_get_userbyid(c.relowner)::text AS owner, c.relacl IS NULL AS "isDefault",
         ARRAY(SELECT g.one FROM (
           SELECT 0 AS place, ${granted('NULL')} AS one FROM pg_catalog.aclexplode(c.relacl) AS a
           UNION ALL
           SELECT f.attnum, ${granted('f.attname')} FROM pg_catalog.pg_attribute f CROSS JOIN LATERAL pg_catalog.aclexplode(f.attacl) AS a
            WHERE f.attrelid = c.oid AND NOT f.attisdropped) AS g ORDER BY g.place) AS privileges,
         ARRAY(SELECT DISTINCT CASE WHEN g.grantee = 0 THEN 'public' ELSE pg_catalog.pg_get_userbyid(g.grantee)::text END
                 FROM pg_catalog.pg_default_acl d CROSS JOIN LATERAL pg_catalog.aclexplode(d.defaclacl) AS g
                WHERE d.defaclobjtype = 'r' AND pg_catalog.pg_get_userbyid(d.defaclrole) = current_user AND g.grantee <> d.defaclrole
                  AND (d.defaclnamespace = 0 OR d.defaclnamespace = c.relnamespace) ORDER BY 1) AS "defaultGrantees"
    FROM pg_catalog.pg_class c WHERE c.oid = pg_catalog.to_regclass($1)`;
