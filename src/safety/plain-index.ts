import type { IndexStmt } from '@pgsql/types';
import { asKind } from '../sql/tree';

/** Whether an index is a B-tree of columns in ascending order, as they are, and of all rows. */
export function isPlainIndex(index: IndexStmt): boolean {
  if (index.whereClause || (index.accessMethod ?? 'btree') !== 'btree') return false;
  return (index.indexParams ?? []).every((node) => {
    const element = asKind(node, 'IndexElem');
    if (!element?.name || element.collation || element.opclass) return false;
    const ascending = !element.ordering || /^SORTBY_(DEFAULT|ASC)$/.test(element.ordering);
    return ascending && (!element.nulls_ordering || element.nulls_ordering !== 'SORTBY_NULLS_FIRST');
  });
}
