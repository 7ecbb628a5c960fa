import { withQualifiedOutput } from '../catalog/qualified-output';
import { t } from '../messages/translate';
import { formatIdentifier, formatQualifiedName, type QualifiedName } from '../sql/identifier';
import type { ChangeFindings } from './change-facts';
import type { Look } from './changes/change-type';
import type { MoveToDatabase } from './changes/move-to-database';
import { relationNames } from './relation-names';
import { readRights, type Rights } from './rights';
import { routinesThatName } from './routines-that-name';
import { subscriptionsInto } from './stand-in-view';
import { boundDependents } from './swapped-table';

/** What decides how a table goes to another database. */
export interface MovedToDatabase {
  rights: Rights;
  /** The sequences that give columns their values: identity ones and those a column owns. */
  sequences: ColumnSequence[];
  /** Routines whose text names the table. */
  routines: string[];
}

/** A sequence of one column. */
export interface ColumnSequence {
  name: QualifiedName;
  column: string;
  identity: boolean;
}

/** What stops a table from going to another database that only the server knows. Reads only. */
export async function lookAtMoveToDatabase(change: MoveToDatabase, at: Look): Promise<ChangeFindings> {
  const { table, session, signal } = at;
  return {
    takenNames: await relationNames(at, [table.name]),
    movedToDatabase: {
      rights: await readRights(table.name, at),
      sequences: await readSequences(at),
      routines: await routinesThatName(session, table.name, signal),
    },
    blockers: [
      ...(await serverBlockers(change, at)),
      ...(await knownThereBlockers(change, at)),
      ...(await boundDependents(at)),
      ...(await subscriptionsInto(at)),
    ],
  };
}

interface SeenServer {
  wrapper: string;
  /** Those who may not use the server, of the table's owner and the user. */
  unable: string[];
  /** Those of them without a user mapping. */
  unmapped: string[];
}

/** Triggers write there by the rights of the table's owner, and backfills by those of who runs the plan. */
async function serverBlockers(
  { server }: MoveToDatabase,
  { session, table, signal }: Look,
): Promise<string[]> {
  const { rows } = await session.query<SeenServer>(
    `SELECT h.proname::text AS wrapper,
            ARRAY(SELECT DISTINCT r.rolname::text FROM pg_catalog.pg_roles r WHERE r.rolname IN ($2, current_user)
                   AND NOT pg_catalog.has_server_privilege(r.oid, s.oid, 'USAGE') ORDER BY 1) AS unable,
            ARRAY(SELECT DISTINCT r.rolname::text FROM pg_catalog.pg_roles r WHERE r.rolname IN ($2, current_user)
                   AND NOT EXISTS (SELECT FROM pg_catalog.pg_user_mappings m WHERE m.srvid = s.oid AND m.umuser IN (0, r.oid))
                   ORDER BY 1) AS unmapped
       FROM pg_catalog.pg_foreign_server s JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid = s.srvfdw
       LEFT JOIN pg_catalog.pg_proc h ON h.oid = w.fdwhandler WHERE s.srvname = $1`,
    [server, table.owner],
    { signal },
  );
  const name = formatIdentifier(server);
  const [seen] = rows;
  if (!seen)
    return [
      t(
        'There is no foreign server {0}. Have it made first, and a user mapping for {1} and for who runs the plan: CREATE EXTENSION postgres_fdw; CREATE SERVER {0} FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host ..., dbname ...); CREATE USER MAPPING FOR {1} SERVER {0} OPTIONS (user ..., password ...).',
        name,
        formatIdentifier(table.owner),
      ),
    ];
  if (seen.wrapper !== 'postgres_fdw_handler')
    return [t('The foreign server {0} is not one of postgres_fdw. Name one that leads to PostgreSQL.', name)];
  return [
    ...seen.unable.map((role) =>
      t(
        '{1} may not use the foreign server {0}. Run GRANT USAGE ON FOREIGN SERVER {0} TO {1} first.',
        name,
        formatIdentifier(role),
      ),
    ),
    ...seen.unmapped.map((role) =>
      t(
        '{1} has no user mapping for the foreign server {0}. Have it made first: CREATE USER MAPPING FOR {1} SERVER {0} OPTIONS (user ..., password ...).',
        name,
        formatIdentifier(role),
      ),
    ),
  ];
}

/** A foreign table of the same one: somebody here may write it beside the plan. */
async function knownThereBlockers(
  { server, to }: MoveToDatabase,
  { session, signal }: Look,
): Promise<string[]> {
  const { rows } = await session.query<{ name: string }>(
    `SELECT f.ftrelid::pg_catalog.regclass::text AS name
       FROM pg_catalog.pg_foreign_table f JOIN pg_catalog.pg_foreign_server s ON s.oid = f.ftserver
       JOIN pg_catalog.pg_class c ON c.oid = f.ftrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE s.srvname = $1
        AND coalesce((SELECT option_value FROM pg_catalog.pg_options_to_table(f.ftoptions) WHERE option_name = 'schema_name'), n.nspname::text) = $2
        AND coalesce((SELECT option_value FROM pg_catalog.pg_options_to_table(f.ftoptions) WHERE option_name = 'table_name'), c.relname::text) = $3
      ORDER BY 1`,
    [server, to.schema, to.name],
    { signal },
  );
  return rows.map(({ name }) =>
    t(
      '{0} is a foreign table of {1} already, through which others may write there. Drop it first, or name another table.',
      name,
      formatQualifiedName(to),
    ),
  );
}

async function readSequences({ session, table, signal }: Look): Promise<ColumnSequence[]> {
  const { rows } = await withQualifiedOutput(session, () =>
    session.query<{ schema: string; sequence: string; column: string; identity: boolean }>(
      `SELECT n.nspname::text AS schema, c.relname::text AS sequence, a.attname::text AS column, d.deptype = 'i' AS identity
         FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_class c ON c.oid = d.objid AND c.relkind = 'S'
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
        WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass
          AND d.refobjid = pg_catalog.to_regclass($1) AND d.deptype IN ('a', 'i') ORDER BY a.attnum`,
      [formatQualifiedName(table.name)],
      { signal },
    ),
  );
  return rows.map(({ schema, sequence, column, identity }) => ({
    name: { schema, name: sequence },
    column,
    identity,
  }));
}
