import { columnOf } from '../catalog/read-table-facts';
import { t } from '../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../sql/identifier';
import type { AddIndex } from './changes/add-index';
import type { Look } from './changes/change-type';
import { readOnlyRows } from './read-only-query';

interface Method {
  oid: number;
  unique: boolean;
  several: boolean;
  include: boolean;
}

/**
 * Why the server would not build such an index: the method is not there, cannot do what is asked, or has no default
 * operator class for a type. https://www.postgresql.org/docs/current/indexes-opclass.html
 */
export async function methodBlockers(at: Look, change: AddIndex): Promise<string[]> {
  const { rows } = await at.session.query<Method>(
    `SELECT oid::int8::int AS oid, pg_catalog.pg_indexam_has_property(oid, 'can_unique') AS unique,
            pg_catalog.pg_indexam_has_property(oid, 'can_multi_col') AS several,
            pg_catalog.pg_indexam_has_property(oid, 'can_include') AS include
       FROM pg_catalog.pg_am WHERE amtype = 'i' AND amname = $1`,
    [change.method],
    { signal: at.signal },
  );
  const method = rows[0];
  if (!method) {
    return [
      t(
        'The server has no index method {0}. Use btree, hash, gin, gist, spgist or brin, or install its extension.',
        change.method,
      ),
    ];
  }
  return [...abilities(change, method), ...(await typesWithoutClass(at, change))];
}

function abilities(change: AddIndex, method: Method): string[] {
  const lacks: string[] = [];
  if (change.unique && !method.unique)
    lacks.push(t('An index of the method {0} cannot be unique. Use btree.', change.method));
  if ((change.columns?.length ?? 1) > 1 && !method.several)
    lacks.push(
      t('An index of the method {0} is over one column. Use btree, or one index each.', change.method),
    );
  if (change.include.length > 0 && !method.include)
    lacks.push(
      t('An index of the method {0} cannot include columns. Leave them out, or use btree.', change.method),
    );
  return lacks;
}

async function typesWithoutClass(at: Look, change: AddIndex): Promise<string[]> {
  const { table } = at;
  const sources =
    change.columns === null
      ? [`(${change.expression ?? ''})`]
      : change.columns.map((column) => formatIdentifier(columnOf(table, column).name));
  const found: string[] = [];
  for (const source of sources) {
    const [row] = await readOnlyRows(at.session, classQuery(source, table.name, change.method), at.signal);
    if (row?.['has_class'] === true) continue;
    found.push(
      t(
        'The method {0} has no default operator class for {1}, which is {2}. Use another method, or another expression.',
        change.method,
        source,
        String(row?.['type']),
      ),
    );
  }
  return found;
}

/** The rule of GetDefaultOpClass: the type itself, one it is binary coercible to, or a family of types it is of. */
function classQuery(source: string, table: { schema: string; name: string }, method: string): string {
  return `WITH asked AS (
  SELECT pg_catalog.pg_typeof((SELECT ${source} FROM ${formatQualifiedName(table)} LIMIT 0))::oid AS type
), base AS (
  SELECT t.oid, t.typtype, t.typelem, t.typlen, asked.type AS declared FROM asked
    JOIN pg_catalog.pg_type d ON d.oid = asked.type
    JOIN pg_catalog.pg_type t ON t.oid = CASE WHEN d.typtype = 'd' THEN d.typbasetype ELSE d.oid END
)
SELECT pg_catalog.format_type(declared, NULL) AS type, EXISTS (
  SELECT FROM pg_catalog.pg_opclass c JOIN pg_catalog.pg_am am ON am.oid = c.opcmethod
   WHERE am.amname = '${method.replaceAll("'", "''")}' AND c.opcdefault AND (
         c.opcintype = base.oid
      OR EXISTS (SELECT FROM pg_catalog.pg_cast k WHERE k.castsource = base.oid AND k.casttarget = c.opcintype
                    AND k.castmethod = 'b' AND k.castcontext = 'i')
      OR c.opcintype = 'anyarray'::regtype AND base.typelem <> 0 AND base.typlen = -1
      OR c.opcintype = 'anyenum'::regtype AND base.typtype = 'e'
      OR c.opcintype = 'anyrange'::regtype AND base.typtype = 'r'
      OR c.opcintype::regtype::text = 'anymultirange' AND base.typtype = 'm'
      OR c.opcintype = 'record'::regtype AND base.typtype = 'c')
) AS has_class FROM base`;
}
