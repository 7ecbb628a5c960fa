import type { DoStmt } from '@pgsql/types';
import { lexemes } from './lexer';
import type { Statement } from './statement';
import { asKind } from './tree';

/** Whether the statement is a DO block that commits or rolls back by itself. */
export function isCommittingBlock(statement: Statement): boolean {
  const block = asKind(statement.node, 'DoStmt');
  return block !== null && commitsByItself(block);
}

/**
 * Whether a DO block commits or rolls back by itself, which PostgreSQL refuses inside a transaction block:
 * https://www.postgresql.org/docs/current/plpgsql-transactions.html
 */
export function commitsByItself(block: DoStmt): boolean {
  const body = (block.args ?? [])
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
