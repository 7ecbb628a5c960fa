import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { transactionControl } from '../safety/reading/transaction-control';
import type { Statement } from '../sql/statement';
import { asKind } from '../sql/tree';

/** A statement that stands alone, or what the text itself puts between BEGIN and COMMIT. */
export type ScriptUnit =
  | { kind: 'statement'; statement: Statement }
  /** `plain`: BEGIN and COMMIT say nothing more, so that any transaction will do. */
  | { kind: 'transaction'; plain: boolean; begin: Statement; inside: Statement[]; end: Statement };

/** What a text that is sent statement by statement consists of. Throws `invalid-file` for a BEGIN that nothing ends. */
export function unitsOf(statements: readonly Statement[]): ScriptUnit[] {
  const units: ScriptUnit[] = [];
  let begin: Statement | null = null;
  let inside: Statement[] = [];
  for (const statement of statements) {
    const control = transactionControl(statement);
    if (begin && (control === 'commit' || control === 'rollback')) {
      const plain = isPlain(begin) && isPlain(statement) && control === 'commit' && !inside.some(isControl);
      units.push({ kind: 'transaction', plain, begin, inside, end: statement });
      begin = null;
      inside = [];
    } else if (begin) inside.push(statement);
    else if (control === 'begin') begin = statement;
    // The server only warns of an end without a beginning.
    else if (control === null) units.push({ kind: 'statement', statement });
  }
  if (!begin) return units;
  throw new SwitchbackError(
    'invalid-file',
    t('The BEGIN in line {0} has no COMMIT. Add one, and run it again.', begin.start.line),
  );
}

function isControl(statement: Statement): boolean {
  return statement.kind === 'TransactionStmt';
}

function isPlain(statement: Statement): boolean {
  const control = asKind(statement.node, 'TransactionStmt');
  return (
    (control?.options ?? []).length === 0 && control?.chain !== true && control?.kind !== 'TRANS_STMT_PREPARE'
  );
}
