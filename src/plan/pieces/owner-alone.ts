import { dollarQuoted } from '../../sql/dollar-quoted';
import { formatQualifiedName, quoteLiteral, type QualifiedName } from '../../sql/identifier';

/**
 * A statement that takes a table just made from everybody but its owner: default privileges would let others read copies of
 * what they may not read in the table itself. Who that is is seen when it runs.
 */
export function ownerAlone(table: QualifiedName): string {
  const name = formatQualifiedName(table);
  const grantee =
    "CASE WHEN g.grantee = 0 THEN 'PUBLIC' ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(g.grantee)) END";
  return `DO ${dollarQuoted(`DECLARE
  others text;
BEGIN
  SELECT pg_catalog.string_agg(DISTINCT ${grantee}, ', ') INTO others
    FROM pg_catalog.pg_class c CROSS JOIN LATERAL pg_catalog.aclexplode(c.relacl) AS g
   WHERE c.oid = pg_catalog.to_regclass(${quoteLiteral(name)}) AND g.grantee <> c.relowner;
  IF others IS DISTINCT FROM NULL THEN
    EXECUTE ${quoteLiteral(`REVOKE ALL ON TABLE ${name} FROM `)} || others;
  END IF;
END`)}`;
}
