import { lexemes } from '../../../sql/lexer';

/** Those of the columns whose names stand in a query as identifiers; what is inside strings does not count. */
export function columnsMentioned(sql: string, columns: readonly string[]): Set<string> {
  const words = new Set<string>();
  for (const { kind, start, end } of lexemes(sql)) {
    const text = sql.slice(start, end);
    if (kind === 'identifier') words.add(text.slice(1, -1).replaceAll('""', '"'));
    if (kind === 'code') {
      for (const [word] of text.matchAll(/[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/g))
        words.add(word.toLowerCase());
    }
  }
  return new Set(columns.filter((column) => words.has(column)));
}
