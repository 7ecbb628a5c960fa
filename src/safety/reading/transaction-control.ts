import type { Statement } from '../../sql/statement';
import { asKind } from '../../sql/tree';
import type { RuleScript } from '../rule';

/** What a statement does to transactions. Savepoints do nothing to them. */
export function transactionControl(statement: Statement): 'begin' | 'commit' | 'rollback' | null {
  switch (asKind(statement.node, 'TransactionStmt')?.kind) {
    case 'TRANS_STMT_BEGIN':
    case 'TRANS_STMT_START':
      return 'begin';
    case 'TRANS_STMT_COMMIT':
    case 'TRANS_STMT_PREPARE':
      return 'commit';
    case 'TRANS_STMT_ROLLBACK':
      return 'rollback';
    default:
      return null;
  }
}

/** Who opened the transaction that is open where statement `index` begins: its runner or a BEGIN; null for none. */
export function openedBy(
  { statements, transaction }: Pick<RuleScript, 'statements' | 'transaction'>,
  index: number,
): 'runner' | Statement | null {
  let open: 'runner' | Statement | null = transaction === 'wrapped' ? 'runner' : null;
  for (const statement of statements.slice(0, index)) {
    const control = transactionControl(statement);
    if (control === 'begin') open ??= statement;
    else if (control) open = null;
  }
  return open;
}

/** The first COMMIT or ROLLBACK behind a statement; null where there is none. */
export function nextEnd({ statements }: Pick<RuleScript, 'statements'>, index: number): Statement | null {
  return (
    statements
      .slice(index + 1)
      .find((each) => ['commit', 'rollback'].includes(transactionControl(each) ?? '')) ?? null
  );
}
