import { t } from '../../messages/translate';
import { clipIdentifier, formatIdentifier, maximumIdentifierBytes } from '../../sql/identifier';
import { TextPositions } from '../../sql/positions';
import { tokens, type Token } from '../../sql/tokens';
import type { Rule } from '../rule';

export const identifierTooLong: Rule = {
  id: 'identifier-too-long',
  title: 'A name that PostgreSQL cuts',
  severity: 'warning',
  since: null,
  until: null,
  why: 'PostgreSQL keeps 63 bytes of a name and cuts the rest with no more than a notice. Tools that look for the name as it was written do not find it, and two long names can become one.',
  url: 'https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS',
  bad: {
    before: '',
    sql: 'create table the_orders_of_all_customers_with_everything_that_was_ever_known_of_them (id int);',
  },
  good: { before: '', sql: 'create table orders_of_all_customers (id int);' },
  check({ statement, script }) {
    const { text, start } = statement;
    // Most statements have no word that is long enough, and are not cut into tokens.
    if (!mayHaveLongName(text)) return [];
    const seen = new Set<string>();
    const found = [...tokens(text)].flatMap((token) => {
      const name = nameOf(token);
      if (name === null || Buffer.byteLength(name, 'utf8') <= maximumIdentifierBytes || seen.has(name))
        return [];
      seen.add(name);
      return [{ name, token }];
    });
    if (found.length === 0) return [];
    const positions = new TextPositions(script.sql);
    return found.map(({ name, token }) => ({
      message: t(
        'PostgreSQL keeps only "{0}" of this name, which has {1} bytes. Choose a shorter one.',
        clipIdentifier(name),
        Buffer.byteLength(name, 'utf8'),
      ),
      fix: {
        kind: 'edit' as const,
        title: t('Write the name as PostgreSQL keeps it'),
        edits: [...tokens(text)]
          .filter((other) => nameOf(other) === name)
          .map((other) => ({
            start: start.offset + other.start,
            end: start.offset + other.end,
            newText: formatIdentifier(clipIdentifier(name)),
          })),
        follows: [],
      },
      place: { start: positions.at(start.offset + token.start), end: positions.at(start.offset + token.end) },
    }));
  },
};

/** Whether there can be a name of more than 63 bytes. A word of 64 letters holds each 64th place of the text once. */
function mayHaveLongName(text: string): boolean {
  if (text.length <= maximumIdentifierBytes) return /[\u0080-\uffff]/.test(text);
  for (let place = maximumIdentifierBytes; place < text.length; place += maximumIdentifierBytes + 1) {
    let start = place;
    while (start >= 0 && isWord(text.charCodeAt(start))) start -= 1;
    let end = place;
    while (end < text.length && isWord(text.charCodeAt(end))) end += 1;
    if (end - start - 1 > maximumIdentifierBytes) return true;
  }
  return /[\u0080-\uffff]/.test(text) || (text.includes('"') && /"[^"]{64}/.test(text));
}

/** A letter, digit, `_` or `$` of ASCII. */
function isWord(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 48 && code <= 57) ||
    (code >= 65 && code <= 90) ||
    code === 95 ||
    code === 36
  );
}

/** The name a token stands for, folded as PostgreSQL does; null for strings and signs. */
function nameOf({ kind, text }: Token): string | null {
  if (kind === 'word') return text.toLowerCase();
  return kind === 'quoted' && text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : null;
}
