import { withQualifiedOutput } from '../catalog/qualified-output';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { formatIdentifier, formatQualifiedName, type QualifiedName } from '../sql/identifier';
import { asKind } from '../sql/tree';
import type { ChangeFindings } from './change-facts';
import type { Look } from './changes/change-type';
import { isStatementFault, readOnlyRows, serverMessage } from './read-only-query';

/** A type of several attributes, and the routines that take or give it. */
export interface CompositeType {
  /** `name type`, in their order. */
  attributes: string[];
  /** Signatures. */
  routines: string[];
}

/** What is read of it for any change of its attributes. */
export interface CompositeRow extends CompositeType {
  owner: string;
  mayAlter: boolean;
  extension: string | null;
  /** Whether it has an attribute of the new name. */
  taken: boolean;
  /** Columns whose values hold values of it. */
  columns: string[];
  typedTables: string[];
}

/** What a new attribute meets. Throws `already-done` where it is there, `invalid-input` for what is no type. Reads only. */
export async function lookAtNewAttribute(
  { table: type, name, type: attributeType }: { table: QualifiedName; name: string; type: string },
  at: Look,
): Promise<ChangeFindings> {
  const { session } = at;
  const quoted = formatQualifiedName(type);
  await checkType(attributeType, at);
  const { attributes, routines, ...found } = await readCompositeRow(type, name, at);
  if (found.taken) {
    throw new SwitchbackError(
      'already-done',
      t('{0} has an attribute {1} already. Choose another name.', quoted, formatIdentifier(name)),
    );
  }
  return { compositeType: { attributes, routines }, blockers: blockersOf(quoted, found, session.facts.user) };
}

/** The type, its users, and whether it has an attribute of that name. Reads only. */
export async function readCompositeRow(
  type: QualifiedName,
  attribute: string,
  { session, signal }: Pick<Look, 'session' | 'signal'>,
): Promise<CompositeRow> {
  const { rows } = await withQualifiedOutput(session, () =>
    session.query<CompositeRow>(typeQuery, [formatQualifiedName(type), attribute], { signal }),
  );
  return rows[0]!;
}

/** Why the user cannot alter the type, with the way out. */
export function compositeRightsBlockers(
  type: string,
  { owner, mayAlter, extension }: Pick<CompositeRow, 'owner' | 'mayAlter' | 'extension'>,
  user: string,
): string[] {
  return [
    ...(extension === null
      ? []
      : [
          t(
            'The type {0} belongs to the extension {1}. Make one of your own.',
            type,
            formatIdentifier(extension),
          ),
        ]),
    ...(mayAlter
      ? []
      : [
          t('The user {0} may not alter {1}, which belongs to {2}. Connect as its owner.', user, type, owner),
        ]),
  ];
}

function blockersOf(
  type: string,
  found: Omit<CompositeRow, 'attributes' | 'routines'>,
  user: string,
): string[] {
  const { columns, typedTables } = found;
  return [
    ...compositeRightsBlockers(type, found, user),
    ...(columns.length === 0
      ? []
      : [
          t(
            'PostgreSQL gives no attribute to a type that columns have values of: {0}. Add a column to these tables instead (add-column), or make another type and columns of it beside these.',
            columns.join(', '),
          ),
        ]),
    ...typedTables.map((table) =>
      t(
        'The table {0} was made OF {1}, and would get the column, too. Run ALTER TABLE {0} NOT OF first, or add the column there.',
        table,
        type,
      ),
    ),
  ];
}

/** Throws `invalid-input` for a text that is more than a type, or one that the server does not know. */
async function checkType(type: string, { session, parser, signal }: Look): Promise<void> {
  const { statements, problems } = parser.parse(`SELECT NULL::${type}`);
  const select = asKind(statements[0]?.node, 'SelectStmt');
  const cast = asKind(asKind(select?.targetList?.[0], 'ResTarget')?.val, 'TypeCast');
  const fields = Object.keys(select ?? {}).filter(
    (key) => !['targetList', 'limitOption', 'op'].includes(key),
  );
  const isOne = statements.length === 1 && select?.targetList?.length === 1 && fields.length === 0;
  if (problems.length > 0 || !isOne || !asKind(cast?.arg, 'A_Const')?.isnull)
    throw new SwitchbackError('invalid-input', t('"{0}" is no type. Type one as SQL names it.', type));
  await readOnlyRows(session, `SELECT NULL::${type} AS one`, signal).catch((error: unknown) => {
    if (!isStatementFault(error)) throw error;
    throw new SwitchbackError(
      'invalid-input',
      t('The server does not take the type {0}: {1}. Correct it.', type, serverMessage(error)),
    );
  });
}

/** Types that hold it: domains over it, arrays, rows and ranges of it. Rows of views are made when they are read. */
const typeQuery = `
  WITH RECURSIVE meant AS (
    SELECT t.* FROM pg_catalog.pg_type t WHERE t.typrelid = pg_catalog.to_regclass($1)
  ), holding(oid) AS (
    SELECT oid FROM meant
    UNION
    SELECT t.oid
      FROM holding h JOIN pg_catalog.pg_type t
        ON (t.typtype = 'd' AND t.typbasetype = h.oid) OR (t.typcategory = 'A' AND t.typelem = h.oid)
        OR (t.typtype = 'c' AND EXISTS (SELECT FROM pg_catalog.pg_attribute a
                                         WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped AND a.atttypid = h.oid))
        OR (t.typtype = 'r' AND EXISTS (SELECT FROM pg_catalog.pg_range r WHERE r.rngtypid = t.oid AND r.rngsubtype = h.oid))
  )
  SELECT pg_catalog.pg_get_userbyid(m.typowner)::text AS owner, pg_catalog.pg_has_role(m.typowner, 'USAGE') AS "mayAlter",
         (SELECT e.extname::text FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid
           WHERE d.classid = 'pg_catalog.pg_type'::regclass AND d.objid = m.oid AND d.deptype = 'e') AS extension,
         EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = m.typrelid AND a.attname = $2 AND NOT a.attisdropped) AS taken,
         ARRAY(SELECT pg_catalog.quote_ident(a.attname) || ' ' || pg_catalog.format_type(a.atttypid, a.atttypmod) FROM pg_catalog.pg_attribute a
                WHERE a.attrelid = m.typrelid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum) AS attributes,
         ARRAY(SELECT p.oid::pg_catalog.regprocedure::text FROM pg_catalog.pg_proc p
                WHERE m.oid = ANY (p.proargtypes::oid[] || p.proallargtypes || p.prorettype)
                   OR m.typarray = ANY (p.proargtypes::oid[] || p.proallargtypes || p.prorettype) ORDER BY 1) AS routines,
         ARRAY(SELECT c.oid::pg_catalog.regclass::text || '.' || pg_catalog.quote_ident(a.attname)
                 FROM holding h JOIN pg_catalog.pg_attribute a ON a.atttypid = h.oid AND a.attnum > 0 AND NOT a.attisdropped
                 JOIN pg_catalog.pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p', 'm', 'f') ORDER BY 1) AS columns,
         ARRAY(SELECT c.oid::pg_catalog.regclass::text FROM pg_catalog.pg_class c WHERE c.reloftype = m.oid ORDER BY 1) AS "typedTables"
    FROM meant m`;
