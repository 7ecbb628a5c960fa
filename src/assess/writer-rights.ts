import { t } from '../messages/translate';
import { parseExpression } from '../sql/expression';
import { formatIdentifier, formatQualifiedName } from '../sql/identifier';
import type { SqlParser } from '../sql/parser';
import { asKind, strings, walkTree } from '../sql/tree';
import type { Look } from './changes/change-type';

/** What is computed with the rights of whoever writes to a table. */
export interface ComputedByWriters {
  /** SQL over the row. */
  expressions: string[];
  /** Types that a trigger casts to, as SQL spells them. */
  types?: string[];
  /** A trigger looks names up when it runs, for which a schema's USAGE is needed; a default has them looked up before. */
  by: 'trigger' | 'default';
}

/**
 * Roles that may insert into the table or update it, and may not use what is computed with their rights: their writes
 * would fail. What a function reads inside of itself is not known.
 */
export async function writerRightsBlockers(computed: ComputedByWriters, at: Look): Promise<string[]> {
  const { session, parser, table, signal } = at;
  const functions = computed.expressions.flatMap((text) => parseExpression(parser, text).functions);
  const schemas = computed.expressions.flatMap((text) => schemasOfTypes(parser, text));
  const { rows } = await session.query<{ role: string; lacking: string }>(
    lackingQuery,
    [
      formatQualifiedName(table.name),
      functions.map(({ name }) => name),
      functions.map(({ schema }) => schema),
      schemas,
      computed.types ?? [],
      computed.by === 'trigger',
      computed.expressions.flatMap(numberedSequences),
    ],
    { signal },
  );
  if (rows.length === 0) return [];
  const role = (name: string): string => (name === 'public' ? 'PUBLIC' : formatIdentifier(name));
  return [
    t(
      'Who may write to {0} may not use all that would be computed with their rights, and their writes would fail: {1}. Grant that first: {2}.',
      formatQualifiedName(table.name),
      [...new Set(rows.map((each) => role(each.role)))].join(', '),
      rows.map((each) => `GRANT ${each.lacking} TO ${role(each.role)}`).join('; '),
    ),
  ];
}

/** Schemas that are written before names of types. */
function schemasOfTypes(parser: SqlParser, text: string): string[] {
  const schemas = new Set<string>();
  for (const { node } of parser.parse(`SELECT (${text}\n)`).statements) {
    walkTree(node, (kind, fields) => {
      if (kind !== 'TypeCast') return;
      const names = strings(asKind({ TypeCast: fields }, 'TypeCast')?.typeName?.names);
      if (names.length === 2 && names[0] !== 'pg_catalog') schemas.add(names[0]!);
    });
  }
  return [...schemas];
}

function numberedSequences(text: string): string[] {
  return [...text.matchAll(/\bnextval\(\s*'((?:[^']|'')+)'/giu)].map(([, name]) =>
    name!.replaceAll("''", "'"),
  );
}

const lackingQuery = `
  WITH writers AS (
    SELECT CASE WHEN g.grantee = 0 THEN 'public' ELSE pg_catalog.pg_get_userbyid(g.grantee)::text END AS role
      FROM (SELECT coalesce(c.relacl, pg_catalog.acldefault('r', c.relowner)) AS acl FROM pg_catalog.pg_class c WHERE c.oid = pg_catalog.to_regclass($1)
            UNION ALL SELECT f.attacl FROM pg_catalog.pg_attribute f WHERE f.attrelid = pg_catalog.to_regclass($1) AND NOT f.attisdropped) AS given
     CROSS JOIN LATERAL pg_catalog.aclexplode(given.acl) AS g
     WHERE g.privilege_type IN ('INSERT', 'UPDATE')
     GROUP BY 1
  ), called AS (
    SELECT DISTINCT p.oid, p.pronamespace AS schema
      FROM unnest($2::text[], $3::text[]) AS written(name, schema)
      JOIN pg_catalog.pg_proc p ON p.proname = written.name
      JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
     WHERE CASE WHEN written.schema IS NULL THEN pg_catalog.pg_function_is_visible(p.oid) ELSE n.nspname = written.schema END
  ), places AS (
    SELECT schema FROM called
    UNION SELECT n.oid FROM pg_catalog.pg_namespace n WHERE n.nspname = ANY($4::text[])
    UNION SELECT y.typnamespace FROM unnest($5::text[]) AS spelled(type) JOIN pg_catalog.pg_type y ON y.oid = pg_catalog.to_regtype(spelled.type)
  )
  SELECT w.role, 'USAGE ON SCHEMA ' || pg_catalog.quote_ident(n.nspname) AS lacking
    FROM writers w CROSS JOIN places JOIN pg_catalog.pg_namespace n ON n.oid = places.schema
   WHERE $6::boolean AND NOT pg_catalog.has_schema_privilege(w.role, n.oid, 'USAGE')
  UNION ALL
  SELECT w.role, 'EXECUTE ON FUNCTION ' || called.oid::pg_catalog.regprocedure::text
    FROM writers w CROSS JOIN called
   WHERE NOT pg_catalog.has_function_privilege(w.role, called.oid, 'EXECUTE')
  UNION ALL
  SELECT w.role, 'USAGE ON SEQUENCE ' || numbers.oid::pg_catalog.regclass::text
    FROM writers w CROSS JOIN (SELECT pg_catalog.to_regclass(named.name)::oid AS oid FROM unnest($7::text[]) AS named(name)) AS numbers
   WHERE numbers.oid IS NOT NULL AND NOT pg_catalog.has_sequence_privilege(w.role, numbers.oid, 'USAGE, UPDATE')
   ORDER BY 1, 2 DESC`;
