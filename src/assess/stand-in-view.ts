import { t } from '../messages/translate';
import { formatIdentifier, formatQualifiedName, type QualifiedName } from '../sql/identifier';
import type { ChangeFindings, StandInViewFacts } from './change-facts';
import type { Look } from './changes/change-type';
import { routinesThatName } from './routines-that-name';

/** What has to be known where a view is to stand in the place of a table that gets another name or schema. */
export async function lookAtPlace(at: Look, to: QualifiedName): Promise<ChangeFindings> {
  const [taken, rowTypes, subscribed] = [
    await takenNames(at, to),
    await routinesOfRows(at),
    await subscriptionsInto(at),
  ];
  return {
    standInView: await standInView(at),
    blockers: [...taken, ...rowTypes, ...subscribed],
  };
}

async function standInView({ session, table, signal }: Look): Promise<StandInViewFacts> {
  const { rows } = await session.query<{ grantee: string }>(
    `SELECT DISTINCT CASE WHEN g.grantee = 0 THEN 'public' ELSE pg_catalog.pg_get_userbyid(g.grantee)::text END AS grantee
       FROM pg_catalog.pg_default_acl d CROSS JOIN LATERAL pg_catalog.aclexplode(d.defaclacl) AS g
      WHERE d.defaclobjtype = 'r' AND pg_catalog.pg_get_userbyid(d.defaclrole) = current_user AND g.grantee <> d.defaclrole
        AND (d.defaclnamespace = 0 OR d.defaclnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = $1))
      ORDER BY 1`,
    [table.name.schema],
    { signal },
  );
  return {
    defaultGrantees: rows.map(({ grantee }) => grantee),
    routines: await routinesThatName(session, table.name, signal),
  };
}

/** A table brings its row type along, so that neither a relation nor a type may have the name. */
async function takenNames({ session, signal }: Look, to: QualifiedName): Promise<string[]> {
  const { rows } = await session.query<{ taken: boolean }>(
    `SELECT EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.relnamespace = n.oid AND c.relname = $2)
         OR EXISTS (SELECT FROM pg_catalog.pg_type y WHERE y.typnamespace = n.oid AND y.typname = $2 AND y.typelem = 0) AS taken
       FROM pg_catalog.pg_namespace n WHERE n.nspname = $1`,
    [to.schema, to.name],
    { signal },
  );
  if (rows[0]?.taken !== true) return [];
  return [
    t(
      'The schema {0} has something called {1} already. Rename or drop that first, or choose another place.',
      formatIdentifier(to.schema),
      formatIdentifier(to.name),
    ),
  ];
}

/** Routines whose parameter is a row of the table: a row of the view is not one. */
async function routinesOfRows({ session, table, signal }: Look): Promise<string[]> {
  const { rows } = await session.query<{ signature: string }>(
    `SELECT p.oid::pg_catalog.regprocedure::text AS signature
       FROM pg_catalog.pg_class c JOIN pg_catalog.pg_type y ON y.oid = c.reltype
       JOIN pg_catalog.pg_proc p ON y.oid = ANY (p.proargtypes) OR y.typarray = ANY (p.proargtypes)
      WHERE c.oid = pg_catalog.to_regclass($1) ORDER BY 1`,
    [formatQualifiedName(table.name)],
    { signal },
  );
  return rows.map(({ signature }) =>
    t(
      '{0} takes rows of {1}, and those that code of the old name reads from the view are of another type. Make it take the key or single columns first.',
      signature,
      formatQualifiedName(table.name),
    ),
  );
}

/** A subscription writes into the table by its name, and not into a view. */
export async function subscriptionsInto({ session, table, signal }: Look): Promise<string[]> {
  const { rows } = await session.query(
    'SELECT FROM pg_catalog.pg_subscription_rel WHERE srrelid = pg_catalog.to_regclass($1)',
    [formatQualifiedName(table.name)],
    { signal },
  );
  if (rows.length === 0) return [];
  return [
    t(
      'A subscription writes into {0} by that name. Change the table on the publishing server, or take it out of the subscription, first.',
      formatQualifiedName(table.name),
    ),
  ];
}
