import type { KnownSchema } from '../../safety/known-schema';
import { hasComment, inParentheses, textAfter } from '../../sql/clause-text';
import type { Statement } from '../../sql/statement';
import { asKind } from '../../sql/tree';
import type { SingleChange } from '../change';
import { existingTable } from './existing-table';

/** CREATE INDEX as a change; null for one that is built CONCURRENTLY already, and for what the recipe does not make. */
export function createdIndex(statement: Statement, schema: KnownSchema): SingleChange | null {
  const index = asKind(statement.node, 'IndexStmt');
  if (!index || index.concurrent || index.nulls_not_distinct || index.options || index.tableSpace)
    return null;
  const table = existingTable(index.relation, schema);
  const elements = (index.indexParams ?? []).flatMap((node) => asKind(node, 'IndexElem') ?? []);
  const isPlain = elements.every(
    (element) =>
      !element.collation &&
      !element.opclass &&
      (element.ordering ?? 'SORTBY_DEFAULT') === 'SORTBY_DEFAULT' &&
      (element.nulls_ordering ?? 'SORTBY_NULLS_DEFAULT') === 'SORTBY_NULLS_DEFAULT',
  );
  if (!table || !isPlain || hasComment(statement.text)) return null;
  const columns = elements.flatMap((element) => element.name ?? []);
  const behind = textAfter(statement.text, ['on']) ?? '';
  const expression = elements.length === 1 && columns.length === 0 ? inParentheses(behind) : null;
  if (expression === null && columns.length !== elements.length) return null;
  const where = index.whereClause ? (textAfter(behind, ['where'])?.trim() ?? null) : null;
  return {
    kind: 'add-index',
    table,
    columns: expression === null ? columns : null,
    expression: expression?.trim() ?? null,
    name: index.idxname ?? null,
    unique: index.unique ?? false,
    method: index.accessMethod ?? 'btree',
    where,
    include: (index.indexIncludingParams ?? []).flatMap((node) => asKind(node, 'IndexElem')?.name ?? []),
  };
}
