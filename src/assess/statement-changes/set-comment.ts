import type { KnownSchema } from '../../safety/known-schema';
import type { Statement } from '../../sql/statement';
import { asKind, strings } from '../../sql/tree';
import type { SingleChange } from '../change';
import { existingTable } from './existing-table';

/** COMMENT ON a table or a column of one that is known; null for all else. */
export function commentSet({ node }: Statement, schema: KnownSchema): SingleChange | null {
  const statement = asKind(node, 'CommentStmt');
  if (statement?.objtype !== 'OBJECT_TABLE' && statement?.objtype !== 'OBJECT_COLUMN') return null;
  const parts = strings(asKind(statement.object, 'List')?.items);
  const column = statement.objtype === 'OBJECT_COLUMN' ? (parts.pop() ?? null) : null;
  const relname = parts.pop();
  const [schemaname] = parts;
  const table = existingTable(
    relname ? { relname, ...(schemaname ? { schemaname } : {}) } : undefined,
    schema,
  );
  return table && { kind: 'set-comment', table, column, comment: statement.comment ?? null };
}
