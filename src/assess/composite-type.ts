import { withQualifiedOutput } from '../catalog/qualified-output';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { formatIdentifier, formatQualifiedName, type QualifiedName } from '../sql/identifier';
import { asKind } from '../sql/tree';
import type { ChangeFindings } from './change-facts';
import type { Look } from './changes/change-type';
import { isStatementFault, readOnlyRows, serverMessage } from './read-only-query';

/** A type of several attributes, and what knows it. */
export interface CompositeType {
  /** `name type`, in their order. */
  attributes: string[];
  /** Signatures of those that take or give it. */
  routines: string[];
  /** Columns whose values hold values of it. */
  columns: string[];
  /** Indexes that keep such values in their order. */
  sorted: string[];
}

/** What is read of it for any change of its attributes. */
export interface CompositeRow extends Omit<CompositeType, 'sorted'> {
  owner: string;
  mayAlter: boolean;
  extension: string | null;
  /** Whether it has an attribute of the new name. */
  taken: boolean;
  typedTables: string[];
}

/** What counts the attributes of values that are stored, and would be wrong of them with one more. */
interface Counting {
  /** Indexes that are no B-tree of their order, or that keep it unique. */
  indexes: string[];
  /** Tables partitioned by a hash of it. */
  hashed: string[];
  foreignTables: string[];
  /** Tables in publications. */
  published: string[];
  /** Indexes that are such B-trees: one attribute more, which is empty in all values, changes no order. */
  sorted: string[];
}

/** What a new attribute meets. Throws `already-done` where it is there, `invalid-input` for what is no type. Reads only. */
export async function lookAtNewAttribute(
  { table: type, name, type: attributeType }: { table: QualifiedName; name: string; type: string },
  at: Look,
): Promise<ChangeFindings> {
  const { session } = at;
  const quoted = formatQualifiedName(type);
  await checkType(attributeType, at);
  const { attributes, routines, columns, ...found } = await readCompositeRow(type, name, at);
  if (found.taken) {
    throw new SwitchbackError(
      'already-done',
      t('{0} has an attribute {1} already. Choose another name.', quoted, formatIdentifier(name)),
    );
  }
  const counting = columns.length === 0 ? null : await readCounting(type, at);
  return {
    compositeType: { attributes, routines, columns, sorted: counting?.sorted ?? [] },
    blockers: [
      ...compositeRightsBlockers(quoted, found, session.facts.user),
      ...typedTableBlockers(quoted, found.typedTables),
      ...(counting === null ? [] : countingBlockers(quoted, counting)),
    ],
  };
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

function typedTableBlockers(type: string, typedTables: readonly string[]): string[] {
  return typedTables.map((table) =>
    t(
      'The table {0} was made OF {1}, and would get the column, too. Run ALTER TABLE {0} NOT OF first, or add the column there.',
      table,
      type,
    ),
  );
}

function countingBlockers(type: string, { indexes, hashed, foreignTables, published }: Counting): string[] {
  const named = (names: readonly string[], sentence: (list: string) => string): string[] =>
    names.length === 0 ? [] : [sentence(names.join(', '))];
  return [
    ...named(indexes, (list) =>
      t(
        'These indexes hash values of {0}, keep them unique or know them in a way of their own, and would not find them again with one attribute more or less: {1}. Drop them before, and build them again after it.',
        type,
        list,
      ),
    ),
    ...named(hashed, (list) =>
      t(
        'These tables are partitioned by a hash of {0}, which is another one with one attribute more: {1}. Partition them by something else first, or make another type and a column of it.',
        type,
        list,
      ),
    ),
    ...named(foreignTables, (list) =>
      t(
        'These foreign tables get values of {0} from another server, which sends as many attributes as it has: {1}. Read the attributes there one by one instead, or drop those columns first.',
        type,
        list,
      ),
    ),
    ...named(published, (list) =>
      t(
        'These tables are published, and a subscriber takes no value of {0} with more or fewer attributes than it has itself: {1}. Take them out of their publications for the change, or add a column instead (add-column).',
        type,
        list,
      ),
    ),
  ];
}

async function readCounting(type: QualifiedName, { session, signal }: Look): Promise<Counting> {
  const { rows } = await withQualifiedOutput(session, () =>
    session.query<Counting>(countingQuery, [formatQualifiedName(type)], { signal }),
  );
  return rows[0]!;
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

/** Types that hold it: domains over it, arrays, rows and ranges of it. */
const typesThatHold = `
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
  )`;

/** Rows of views are made when they are read. */
const typeQuery = `${typesThatHold}
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

const countingQuery = `${typesThatHold}, held AS (
    SELECT c.oid, c.relkind, a.attnum FROM holding h JOIN pg_catalog.pg_attribute a ON a.atttypid = h.oid AND a.attnum > 0 AND NOT a.attisdropped
      JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
  ), keeping AS (
    SELECT DISTINCT c.oid::pg_catalog.regclass::text AS name, m.amname = 'btree' AND NOT i.indisunique AS plain
      FROM held h JOIN pg_catalog.pg_index i ON i.indexrelid = h.oid OR (i.indrelid = h.oid AND h.attnum = ANY (i.indkey::int2[]))
      JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_am m ON m.oid = c.relam
  )
  SELECT ARRAY(SELECT name FROM keeping WHERE NOT plain ORDER BY 1) AS indexes, ARRAY(SELECT name FROM keeping WHERE plain ORDER BY 1) AS sorted,
         ARRAY(SELECT DISTINCT h.oid::pg_catalog.regclass::text FROM held h JOIN pg_catalog.pg_partitioned_table p ON p.partrelid = h.oid
                WHERE p.partstrat = 'h' AND h.attnum = ANY (p.partattrs::int2[]) ORDER BY 1) AS hashed,
         ARRAY(SELECT DISTINCT h.oid::pg_catalog.regclass::text FROM held h WHERE h.relkind = 'f' ORDER BY 1) AS "foreignTables",
         ARRAY(SELECT DISTINCT h.oid::pg_catalog.regclass::text FROM held h
                 JOIN pg_catalog.pg_class c ON c.oid = h.oid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                 JOIN pg_catalog.pg_publication_tables p ON p.schemaname = n.nspname AND p.tablename = c.relname ORDER BY 1) AS published`;
