import type { TableFacts } from '../../catalog/table-facts';

/** Bytes up to which a table is rewritten in a moment. */
const quickRewriteBytes = 8 * 1024 * 1024;

/** Whether rewriting the table under an exclusive lock keeps nobody waiting for long. */
export function isRewrittenQuickly(table: TableFacts): boolean {
  return table.bytes.total <= quickRewriteBytes;
}
