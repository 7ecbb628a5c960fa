import type { Statement } from '../../sql/statement';
import { asKind } from '../../sql/tree';

/**
 * For each statement of a script, which transaction it runs in: a number for a transaction block shared
 * with others, null for one of its own. The script's runner and BEGIN and COMMIT inside it decide.
 */
export function transactionOf(
  statements: readonly Statement[],
  runner: 'wrapped' | 'implicit' | 'none',
): (number | null)[] {
  let block = 0;
  let open = runner === 'wrapped';
  return statements.map((statement) => {
    const kind = asKind(statement.node, 'TransactionStmt')?.kind;
    if (kind === 'TRANS_STMT_BEGIN' || kind === 'TRANS_STMT_START') {
      if (!open) block += 1;
      open = true;
    }
    // Statements sent in one text share a transaction, one that is sent alone does not.
    const shared = open || (runner === 'implicit' && statements.length > 1);
    const here = shared ? block : null;
    if (kind === 'TRANS_STMT_COMMIT' || kind === 'TRANS_STMT_ROLLBACK') {
      open = false;
      block += 1;
    }
    return here;
  });
}
