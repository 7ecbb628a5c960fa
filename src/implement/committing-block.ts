import { lexemes } from '../sql/lexer';
import type { Statement } from '../sql/statement';
import { asKind } from '../sql/tree';

/**
 * Whether the statement is a DO block that commits or rolls back by itself, which PostgreSQL refuses inside a
 * transaction block: https://www.postgresql.org/docs/current/plpgsql-transactions.html
 */
export function isCommittingBlock(statement: Statement): boolean {
  const body = (asKind(statement.node, 'DoStmt')?.args ?? [])
    .map((argument) => asKind(argument, 'DefElem'))
    .find((element) => element?.defname === 'as');
  const text = asKind(body?.arg, 'String')?.sval;
  if (text === undefined) return false;
  const code = [...lexemes(text)]
    .map((lexeme) => (lexeme.kind === 'code' ? text.slice(lexeme.start, lexeme.end) : ' '))
    .join('');
  return /(?:;|\b(?:begin|then|else|loop)\b|^)\s*(?:commit|rollback)(?:\s+and\s+(?:no\s+)?chain)?\s*;/i.test(
    code,
  );
}
