import { dottedNameAt, tokens } from '../../sql/tokens';
import type { Statement } from '../../sql/statement';

/** The name of the table an ALTER TABLE changes, as its author wrote it. */
export function tableText(sql: string, statement: Statement): string {
  const text = sql.slice(statement.start.offset, statement.end.offset);
  for (const token of tokens(text)) {
    if (token.kind === 'word' && /^(alter|table|if|exists|only)$/i.test(token.text)) continue;
    const parts = dottedNameAt(text, token.start);
    return text.slice(token.start, parts.at(-1)?.end ?? token.end);
  }
  return '';
}
