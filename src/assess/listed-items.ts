import { formatIdentifier } from '../sql/identifier';

/** A string, a quoted name, a dollar-quoted text, or one character that is none of them. */
const token = /E'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$[^]*?\$\1\$|[^]/giu;

/** The parts of a list of SQL between its commas, those in parentheses, brackets and quotes left alone. */
export function listedItems(text: string): string[] {
  const items = [''];
  let depth = 0;
  for (const [part] of text.matchAll(token)) {
    if (part === '(' || part === '[') depth += 1;
    if (part === ')' || part === ']') depth -= 1;
    if (part === ',' && depth === 0) items.push('');
    else items[items.length - 1] += part;
  }
  return items.map((item) => item.trim());
}

/** A column to be, as CREATE TABLE has it. */
export interface ListedColumn {
  column: string;
  type: string;
}

/**
 * Reads `first_name text, last_name varchar(80)`. What is unfinished comes with an empty name or type, which is refused
 * where the server is asked: a form reads while somebody types.
 */
export function listedColumns(text: string): ListedColumn[] {
  return listedItems(text).map((item) => {
    const [, name = '', type = ''] = /^("(?:[^"]|"")*"?|[^\s"]+)\s*([^]*)$/u.exec(item) ?? [];
    const column = name.startsWith('"')
      ? name.slice(1).replace(/"$/, '').replaceAll('""', '"')
      : name.toLowerCase();
    return { column, type };
  });
}

/** The same as text. */
export function columnList(columns: readonly ListedColumn[]): string {
  return columns.map(({ column, type }) => `${formatIdentifier(column)} ${type}`).join(', ');
}

/** An expression for each of so many columns: empty where there are fewer, the last one with the rest where there are more. */
export function listedExpressions(text: string, count: number): string[] {
  const items = listedItems(text);
  const last = items.slice(count - 1).join(', ');
  return Array.from({ length: count }, (_, index) => (index < count - 1 ? (items[index] ?? '') : last));
}
