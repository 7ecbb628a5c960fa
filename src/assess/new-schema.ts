import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../sql/identifier';
import type { Look } from './changes/change-type';

/** What stops a table from going to another schema, each with the way out. Throws `not-found`. */
export async function moveBlockers(at: Look, schema: string): Promise<string[]> {
  await assertSchema(at, schema);
  return [
    ...(await privilegeBlockers(at, schema)),
    ...(await takenPartBlockers(at, schema)),
    ...(await publicationBlockers(at, schema)),
  ];
}

async function assertSchema({ session, signal }: Look, schema: string): Promise<void> {
  const { rows } = await session.query('SELECT FROM pg_catalog.pg_namespace WHERE nspname = $1', [schema], {
    signal,
  });
  if (rows.length > 0) return;
  throw new SwitchbackError(
    'not-found',
    t(
      'There is no schema {0}. Create it first, with USAGE for who uses the table.',
      formatIdentifier(schema),
    ),
  );
}

/** Who may use the table must be able to name it there, and who moves it to put it there. */
async function privilegeBlockers({ session, table, signal }: Look, schema: string): Promise<string[]> {
  const users = [table.owner, ...table.privileges.map(({ grantee }) => grantee)];
  const { rows } = await session.query<{ role: string; may_create: boolean; may_use: boolean }>(
    `SELECT role, pg_catalog.has_schema_privilege(current_user, $2, 'CREATE') AS may_create,
            pg_catalog.has_schema_privilege(role, $2, 'USAGE') AS may_use
       FROM unnest($1::text[]) AS role`,
    [[...new Set(users)], schema],
    { signal },
  );
  const name = formatIdentifier(schema);
  const kept = rows.filter((row) => !row.may_use).map(({ role }) => formatIdentifier(role));
  return [
    ...(rows[0]?.may_create === false
      ? [
          t(
            'The user {0} may not create anything in the schema {1}. Run GRANT CREATE ON SCHEMA {1} TO {0} first.',
            formatIdentifier(session.facts.user),
            name,
          ),
        ]
      : []),
    ...(kept.length === 0
      ? []
      : [
          t(
            'These roles use the table and may not use the schema {0}: {1}. Run GRANT USAGE ON SCHEMA {0} TO {1} first.',
            name,
            kept.join(', '),
          ),
        ]),
  ];
}

/** Indexes, sequences of columns and the type of arrays of rows come along under their names. */
async function takenPartBlockers({ session, table, signal }: Look, schema: string): Promise<string[]> {
  const { rows } = await session.query<{ name: string }>(
    `WITH own AS (SELECT oid, reltype FROM pg_catalog.pg_class WHERE oid = pg_catalog.to_regclass($1)),
          place AS (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = $2),
          parts AS (SELECT i.indexrelid AS oid FROM pg_catalog.pg_index i JOIN own ON i.indrelid = own.oid
                     UNION
                    SELECT d.objid FROM pg_catalog.pg_depend d JOIN own ON d.refobjid = own.oid
                     WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass
                       AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i'))
     SELECT c.relname::text AS name FROM parts JOIN pg_catalog.pg_class c ON c.oid = parts.oid
      WHERE EXISTS (SELECT FROM pg_catalog.pg_class o, place WHERE o.relnamespace = place.oid AND o.relname = c.relname)
      UNION
     SELECT a.typname::text FROM own JOIN pg_catalog.pg_type y ON y.oid = own.reltype JOIN pg_catalog.pg_type a ON a.oid = y.typarray
      WHERE EXISTS (SELECT FROM pg_catalog.pg_type o, place WHERE o.typnamespace = place.oid AND o.typname = a.typname)
      ORDER BY 1`,
    [formatQualifiedName(table.name), schema],
    { signal },
  );
  return rows.map(({ name }) =>
    t(
      '{0} comes along with {1}, and the schema {2} has something of that name already. Rename one of both first.',
      formatIdentifier(name),
      formatQualifiedName(table.name),
      formatIdentifier(schema),
    ),
  );
}

/** A table comes into the publications of its schema and out of them: subscribers would lose or not know it. */
async function publicationBlockers({ session, table, signal }: Look, schema: string): Promise<string[]> {
  if (session.facts.major < 15) return [];
  const { rows } = await session.query<{ name: string; schema: string }>(
    `SELECT p.pubname::text AS name, n.nspname::text AS schema
       FROM pg_catalog.pg_publication_namespace s JOIN pg_catalog.pg_publication p ON p.oid = s.pnpubid
       JOIN pg_catalog.pg_namespace n ON n.oid = s.pnnspid
      WHERE n.nspname IN ($1, $2) ORDER BY 2, 1`,
    [table.name.schema, schema],
    { signal },
  );
  return rows.map((row) =>
    row.schema === schema
      ? t(
          'The publication {0} sends every table of {1}, so that subscribers would get one that they may not have. Make it list its tables first.',
          formatIdentifier(row.name),
          formatIdentifier(row.schema),
        )
      : t(
          'The publication {0} sends {2} because it is in the schema {1}, and would send it no more. Make it list its tables first.',
          formatIdentifier(row.name),
          formatIdentifier(row.schema),
          formatQualifiedName(table.name),
        ),
  );
}
