import { t } from '../messages/translate';
import { formatQualifiedName } from '../sql/identifier';
import type { Look } from './changes/change-type';
import { dependentsOfTable } from './leaving-table';

/** What is bound to the very table and would stay with it when another one takes its name; views are made to read that one. */
export async function boundDependents({ session, table, signal }: Look): Promise<string[]> {
  const relation = formatQualifiedName(table.name);
  const { rows } = await session.query<{ name: string }>(
    `SELECT name FROM (${dependentsOfTable(table.name)}) AS dependent
      WHERE name NOT IN (SELECT pg_catalog.pg_describe_object('pg_catalog.pg_class'::regclass, oid, 0) FROM pg_catalog.pg_class WHERE relkind = 'v')
        AND name NOT IN (SELECT pg_catalog.pg_describe_object('pg_catalog.pg_constraint'::regclass, oid, 0) FROM pg_catalog.pg_constraint
                          WHERE confrelid = pg_catalog.to_regclass($1))
      UNION SELECT 'statistics ' || stxname FROM pg_catalog.pg_statistic_ext WHERE stxrelid = pg_catalog.to_regclass($1)
      UNION SELECT 'rule ' || rulename FROM pg_catalog.pg_rewrite WHERE ev_class = pg_catalog.to_regclass($1)
      UNION SELECT 'extension ' || e.extname FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid
             WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = pg_catalog.to_regclass($1) AND d.deptype = 'e'
      ORDER BY 1`,
    [relation],
    { signal },
  );
  return rows.map(({ name }) =>
    t(
      '{0} is bound to {1} as it is, and would stay with the table before. Drop it first, and make it again when the plan is done.',
      name,
      relation,
    ),
  );
}

/** Views over the table are pointed to the new one, which only their owners may do. */
export async function foreignOwners({ session, table, signal }: Look): Promise<string[]> {
  const views = table.dependents.views.filter(({ depth, kind }) => depth === 1 && kind === 'view');
  const { rows } = await session.query<{ owner: string }>(
    `SELECT DISTINCT owner FROM unnest($1::text[]) AS owner WHERE NOT pg_catalog.pg_has_role(owner, 'USAGE')`,
    [views.map(({ owner }) => owner)],
    { signal },
  );
  const others = new Set(rows.map(({ owner }) => owner));
  return views
    .filter(({ owner }) => others.has(owner))
    .map(({ name, owner }) =>
      t(
        'The view {0} has to be made to read the new table, and belongs to {1}. Connect as a role that is in both owners.',
        formatQualifiedName(name),
        owner,
      ),
    );
}
