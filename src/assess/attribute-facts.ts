import { withQualifiedOutput } from '../catalog/qualified-output';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { formatIdentifier, formatQualifiedName, type QualifiedName } from '../sql/identifier';
import type { ChangeFindings } from './change-facts';
import type { Look } from './changes/change-type';
import { compositeRightsBlockers, readCompositeRow, type CompositeRow } from './composite-type';
import { ownRoutine } from './routines-that-name';

/** An attribute of a composite type, and who knows it. */
export interface AttributeFacts {
  /** As SQL spells it, with modifiers. */
  type: string;
  /** Set when it differs from the type's own, as SQL names it. */
  collation: string | null;
  comment: string | null;
  /** Whether no other stands behind it. */
  isLast: boolean;
  /** Columns whose values hold values of the composite type. */
  columns: string[];
  /** Routines whose text has its name, and that take or give the type or name it too. */
  texts: string[];
}

interface AttributeRow extends Omit<AttributeFacts, 'columns'> {
  /** What PostgreSQL knows to use the attribute, as it describes it. */
  dependents: string[];
  /** Indexes that keep values of the type. */
  indexes: string[];
  /** Whether a function of the wanted name takes the type already. */
  functionTaken: boolean;
}

/** What an attribute that goes meets. Throws `not-found` where it is not there. Reads only. */
export async function lookAtLeavingAttribute(
  { table: type, name }: { table: QualifiedName; name: string },
  at: Look,
): Promise<ChangeFindings> {
  const { found, attribute, findings } = await readAttribute(type, name, null, at);
  const quoted = formatQualifiedName(type);
  return {
    ...findings,
    blockers: [
      ...findings.blockers,
      ...typedTableBlockers(quoted, found),
      ...(attribute.dependents.length === 0
        ? []
        : [
            t(
              'These use {0} of {1}, and PostgreSQL does not take it away from them: {2}. Replace them first.',
              formatIdentifier(name),
              quoted,
              attribute.dependents.join(', '),
            ),
          ]),
      ...(attribute.indexes.length === 0
        ? []
        : [
            t(
              'These indexes keep values of {0} in an order that counts the attribute: {1}. Drop them before, and build them again after it.',
              quoted,
              attribute.indexes.join(', '),
            ),
          ]),
    ],
  };
}

/** What an attribute meets that is called in another way. Throws `not-found`, `already-done`. Reads only. */
export async function lookAtRenamedAttribute(
  { table: type, name, to }: { table: QualifiedName; name: string; to: string },
  at: Look,
): Promise<ChangeFindings> {
  const quoted = formatQualifiedName(type);
  const { taken } = await readCompositeRow(type, to, at);
  if (taken) refuseTaken(quoted, name, to, (await readCompositeRow(type, name, at)).taken);
  const { found, attribute, findings } = await readAttribute(type, name, to, at);
  return {
    ...findings,
    blockers: [
      ...findings.blockers,
      ...typedTableBlockers(quoted, found),
      ...(attribute.functionTaken
        ? [
            t(
              'There is a function {0} that takes {1}, which {2} would be read by meanwhile. Choose another name, or drop the function.',
              formatQualifiedName({ schema: type.schema, name: to }),
              quoted,
              formatIdentifier(name),
            ),
          ]
        : []),
    ],
  };
}

function refuseTaken(type: string, name: string, to: string, oldIsThere: boolean): never {
  throw oldIsThere
    ? new SwitchbackError(
        'invalid-input',
        t('{0} has an attribute {1} already. Choose another name.', type, formatIdentifier(to)),
      )
    : new SwitchbackError(
        'already-done',
        t(
          '{0} has an attribute {1} and no {2}. Nothing has to be done.',
          type,
          formatIdentifier(to),
          formatIdentifier(name),
        ),
      );
}

async function readAttribute(
  type: QualifiedName,
  name: string,
  to: string | null,
  at: Look,
): Promise<{ found: CompositeRow; attribute: AttributeRow; findings: ChangeFindings }> {
  const { session, signal } = at;
  const quoted = formatQualifiedName(type);
  const found = await readCompositeRow(type, name, at);
  const { rows } = await withQualifiedOutput(session, () =>
    session.query<AttributeRow>(attributeQuery, [quoted, name, to ?? ''], { signal }),
  );
  const attribute = rows[0];
  if (attribute === undefined) {
    throw new SwitchbackError(
      'not-found',
      t(
        '{0} has no attribute {1}. Name one of these: {2}.',
        quoted,
        formatIdentifier(name),
        found.attributes.join(', ') || t('it has none'),
      ),
    );
  }
  const { collation, comment, isLast, texts } = attribute;
  return {
    found,
    attribute,
    findings: {
      compositeType: {
        attributes: found.attributes,
        routines: found.routines,
        columns: found.columns,
        sorted: attribute.indexes,
      },
      attribute: { type: attribute.type, collation, comment, isLast, texts, columns: found.columns },
      blockers: compositeRightsBlockers(quoted, found, session.facts.user),
    },
  };
}

function typedTableBlockers(type: string, { typedTables }: CompositeRow): string[] {
  return typedTables.map((table) =>
    t(
      'The table {0} was made OF {1}, and its column would change, too. Run ALTER TABLE {0} NOT OF first, and plan the column there.',
      table,
      type,
    ),
  );
}

/** Indexes that keep values of the type: as columns of theirs, in arrays, domains, rows and ranges. */
const attributeQuery = `
  WITH RECURSIVE meant AS (
    SELECT t.*, a.attnum, a.attname, a.atttypid, a.atttypmod, a.attcollation FROM pg_catalog.pg_type t
      JOIN pg_catalog.pg_attribute a ON a.attrelid = t.typrelid AND a.attname = $2 AND a.attnum > 0 AND NOT a.attisdropped
     WHERE t.typrelid = pg_catalog.to_regclass($1)
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
  SELECT pg_catalog.format_type(m.atttypid, m.atttypmod) AS type,
         (SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.collname)
            FROM pg_catalog.pg_collation c JOIN pg_catalog.pg_namespace n ON n.oid = c.collnamespace
           WHERE c.oid = m.attcollation AND c.oid <> (SELECT typcollation FROM pg_catalog.pg_type WHERE oid = m.atttypid)) AS collation,
         pg_catalog.col_description(m.typrelid, m.attnum) AS comment,
         NOT EXISTS (SELECT FROM pg_catalog.pg_attribute b WHERE b.attrelid = m.typrelid AND b.attnum > m.attnum AND NOT b.attisdropped) AS "isLast",
         ARRAY(SELECT DISTINCT pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid) FROM pg_catalog.pg_depend d
                WHERE d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = m.typrelid AND d.refobjsubid = m.attnum ORDER BY 1) AS dependents,
         ARRAY(SELECT DISTINCT c.oid::pg_catalog.regclass::text FROM holding h
                 JOIN pg_catalog.pg_attribute a ON a.atttypid = h.oid AND a.attnum > 0
                 JOIN pg_catalog.pg_class c ON c.oid = a.attrelid AND c.relkind IN ('i', 'I') ORDER BY 1) AS indexes,
         ARRAY(SELECT p.oid::pg_catalog.regprocedure::text FROM pg_catalog.pg_proc p
                WHERE ${ownRoutine} AND pg_catalog.strpos(p.prosrc, m.attname) > 0
                  AND (pg_catalog.strpos(p.prosrc, m.typname) > 0 OR m.oid = ANY (p.proargtypes::oid[] || p.proallargtypes || p.prorettype)
                       OR m.typarray = ANY (p.proargtypes::oid[] || p.proallargtypes || p.prorettype)) ORDER BY 1) AS texts,
         EXISTS (SELECT FROM pg_catalog.pg_proc p
                  WHERE p.pronamespace = m.typnamespace AND p.proname = $3 AND p.pronargs = 1 AND p.proargtypes[0] = m.oid) AS "functionTaken"
    FROM meant m`;
