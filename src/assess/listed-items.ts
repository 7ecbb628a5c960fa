import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { formatIdentifier, parseQualifiedName } from '../sql/identifier';

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

/** Reads `first_name text, last_name varchar(80)`. Throws `usage`, `invalid-name`. */
export function listedColumns(text: string): ListedColumn[] {
  return listedItems(text).map((item) => {
    const [, name, type] = /^("(?:[^"]|"")*"|[^\s"]+)\s+([^]+)$/u.exec(item) ?? [];
    if (name !== undefined && type !== undefined) return { column: parseQualifiedName(name).name, type };
    throw new SwitchbackError(
      'usage',
      t('"{0}" is no column with its type. Write them as in {1}.', item, 'first_name text, last_name text'),
    );
  });
}

/** The same as text. */
export function columnList(columns: readonly ListedColumn[]): string {
  return columns.map(({ column, type }) => `${formatIdentifier(column)} ${type}`).join(', ');
}

/** As many expressions as there are columns, in their order. Throws `usage` where there are more or fewer. */
export function listedExpressions(text: string, columns: readonly string[]): string[] {
  const items = listedItems(text);
  if (items.length === columns.length) return items;
  throw new SwitchbackError(
    'usage',
    t(
      '"{0}" is a list of {1} expressions. Give one for each of {2}, in this order.',
      text,
      items.length,
      columns.map((column) => formatIdentifier(column)).join(', '),
    ),
  );
}
