import { withQualifiedOutput } from '../catalog/qualified-output';
import type { TableFacts } from '../catalog/table-facts';
import { t } from '../messages/translate';
import { formatIdentifier, formatQualifiedName, quoteIdentifier } from '../sql/identifier';
import { asKind } from '../sql/tree';
import type { Look } from './changes/change-type';
import { isStatementFault, readOnlyRows, serverMessage } from './read-only-query';
import type { WidenedTable } from './widened-key';
import type { WideType } from './widened-key-type';

/** What stops it of CHECKs and partial indexes that do not take the wider type, such as one that calls f(integer). */
export async function takesWideValues(
  { facts, columns }: WidenedTable,
  type: WideType,
  at: Look,
): Promise<string[]> {
  if (columns.length === 0) return [];
  const row = facts.columns.map(({ name }) =>
    columns.includes(name)
      ? `${quoteIdentifier(name)}::${type} AS ${quoteIdentifier(name)}`
      : quoteIdentifier(name),
  );
  const rows = `(SELECT ${row.join(', ')} FROM ${formatQualifiedName(facts.name)}) AS ${quoteIdentifier(facts.name.name)}`;
  const blockers = computedIndexes(facts, columns, at);
  for (const { name, expression } of await conditionsOf({ facts, columns }, at)) {
    try {
      await readOnlyRows(at.session, `SELECT FROM ${rows} WHERE ${expression} LIMIT 0`, at.signal);
    } catch (error) {
      if (!isStatementFault(error)) throw error;
      blockers.push(
        t(
          '{0} of {1} cannot be had for {2}: {3}. Drop it first, or make what it calls take {2}.',
          formatIdentifier(name),
          formatQualifiedName(facts.name),
          type,
          serverMessage(error),
        ),
      );
    }
  }
  return blockers;
}

/** What an index computes from the narrow values may be something else for the wide ones. */
function computedIndexes(facts: TableFacts, columns: readonly string[], { parser }: Look): string[] {
  const computing = facts.indexes.filter(({ expressionColumns, definition }) => {
    if (!columns.some((column) => expressionColumns.includes(column))) return false;
    const index = asKind(parser.parse(definition).statements[0]?.node, 'IndexStmt');
    return (index?.indexParams ?? []).some((each) => asKind(each, 'IndexElem')?.expr !== undefined);
  });
  if (computing.length === 0) return [];
  return [
    t(
      'These indexes of {0} compute something, and use a column that becomes wider: {1}. Drop them first, and build them again after the change.',
      formatQualifiedName(facts.name),
      computing.map((index) => index.name.name).join(', '),
    ),
  ];
}

async function conditionsOf(
  { facts, columns }: Pick<WidenedTable, 'facts' | 'columns'>,
  { session, signal }: Look,
): Promise<{ name: string; expression: string }[]> {
  const uses = (each: { columns: string[] }): boolean =>
    each.columns.some((column) => columns.includes(column));
  const checks = facts.constraints.filter((each) => each.kind === 'check' && uses(each));
  const partial = facts.indexes.filter(
    (index) => index.partial && uses({ columns: [...index.columns, ...index.expressionColumns] }),
  );
  const { rows } = await withQualifiedOutput(session, () =>
    session.query<{ name: string; expression: string }>(
      `SELECT conname::text AS name, pg_catalog.pg_get_expr(conbin, conrelid) AS expression FROM pg_catalog.pg_constraint
        WHERE conrelid = pg_catalog.to_regclass($1) AND contype = 'c' AND conname = ANY ($2)
        UNION ALL
       SELECT c.relname::text, pg_catalog.pg_get_expr(i.indpred, i.indrelid)
         FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
        WHERE i.indrelid = pg_catalog.to_regclass($1) AND c.relname = ANY ($3)`,
      [formatQualifiedName(facts.name), checks.map(({ name }) => name), partial.map(({ name }) => name.name)],
      { signal },
    ),
  );
  return rows;
}
