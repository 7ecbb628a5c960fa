import { t } from '../messages/translate';
import { formatQualifiedName } from '../sql/identifier';
import { asKind, strings, walkTree, type Fields } from '../sql/tree';
import type { Look } from './changes/change-type';

/**
 * What stops a query of a view WITH CHECK OPTION, which the server takes only where rows are written through the view by
 * itself: https://www.postgresql.org/docs/current/sql-createview.html#SQL-CREATEVIEW-UPDATABLE-VIEWS
 */
export async function checkOptionBlockers(query: string, at: Look): Promise<string[]> {
  const { table, parser } = at;
  if (!table.storageParameters.some((option) => option.startsWith('check_option='))) return [];
  const select = asKind(parser.parse(query).statements[0]?.node, 'SelectStmt');
  if (select && isPlain(select) && !(await countsRows(select, at))) return [];
  const relation = formatQualifiedName(table.name);
  return [
    t(
      '{0} has a CHECK OPTION, which PostgreSQL takes only for a plain SELECT from one table: without DISTINCT, GROUP BY, WITH, LIMIT, set operations, aggregates and window functions. Write one, or take the option away first: {1}',
      relation,
      `ALTER VIEW ${relation} RESET (check_option)`,
    ),
  ];
}

/** As view_query_is_auto_updatable asks, except for the functions it calls. */
function isPlain(select: Fields<'SelectStmt'>): boolean {
  const more = [select.distinctClause, select.groupClause, select.windowClause, select.valuesLists];
  const [from, ...others] = select.fromClause ?? [];
  return (
    more.every((each) => (each ?? []).length === 0) &&
    (select.op ?? 'SETOP_NONE') === 'SETOP_NONE' &&
    !select.havingClause &&
    !select.withClause &&
    !select.limitCount &&
    !select.limitOffset &&
    others.length === 0 &&
    asKind(from, 'RangeVar') !== null
  );
}

/** Whether what it gives is made of several rows, or of more than one: an aggregate, a window function, a set. */
async function countsRows(select: Fields<'SelectStmt'>, { session, signal }: Look): Promise<boolean> {
  const names: string[] = [];
  let over = false;
  walkTree(select.targetList ?? [], (kind, fields) => {
    if (kind !== 'FuncCall') return;
    over ||= fields['over'] !== undefined;
    names.push(strings(fields['funcname'] as never).at(-1) ?? '');
  });
  if (over || names.length === 0) return over;
  const { rows } = await session.query(
    `SELECT FROM pg_catalog.pg_proc WHERE proname = ANY ($1::text[]) AND (prokind IN ('a', 'w') OR proretset) LIMIT 1`,
    [names],
    { signal },
  );
  return rows.length > 0;
}
