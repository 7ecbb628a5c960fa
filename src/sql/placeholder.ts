import { lexemes } from './lexer';

/**
 * Text that a migration tool or psql fills in before the server sees it: `${name}` (Flyway, goose, dbmate),
 * `{{ .Name }}` (Go templates), `{% %}`, `<%= %>`, `%(name)s`, and psql's `:name`, `:'name'`, `:"name"`.
 */
export interface Placeholder {
  start: number;
  /** Exclusive. */
  end: number;
  /** As written. */
  text: string;
  /** `control` stands for nothing itself: `{{ if .X }}`, `{% end %}`. `psql` is filled in by psql. */
  kind: 'value' | 'control' | 'psql';
}

const closers: Record<string, string> = { '{{': '}}', '{%': '%}', '{#': '#}', '<%': '%>' };
const control =
  /^(?:\{\{-?\s*(?:(?:if|else|end|range|with|define|template|block|break|continue)\b|\/\*|\$?\w+\s*:?=)|\{%|\{#|<%(?!=))/;

/** The placeholders outside comments and quotes, in the order of the text. */
export function placeholdersIn(text: string): Placeholder[] {
  const found: Placeholder[] = [];
  // Signs that no closing sign follows: looked for once.
  const unclosed = new Set<string>();
  if (!openerFrom(text, 0, unclosed)) return found;
  // What is known to be code: it is not read again from each placeholder on.
  let known = { start: 0, end: 0 };
  for (let from = 0; ;) {
    const next = openerFrom(text, from, unclosed);
    if (!next) return found;
    const isCode = from >= known.start && next.start < known.end;
    const inCode = isCode ? { opener: next, code: known } : openerInCode(text, from, unclosed);
    if (!inCode) return found;
    const { opener } = inCode;
    known = inCode.code;
    const end = endOf(text, opener);
    if (end === null) {
      unclosed.add(opener.sign);
      from = opener.start;
      continue;
    }
    const written = text.slice(opener.start, end);
    const kind = written.startsWith(':') ? 'psql' : control.test(written) ? 'control' : 'value';
    found.push({ start: opener.start, end, text: written, kind });
    // A quote inside a placeholder opens nothing in SQL: reading goes on behind it.
    from = end;
  }
}

interface Opener {
  start: number;
  sign: string;
}

/** The first opener in code at or after `from`, which is code itself. */
function openerInCode(
  text: string,
  from: number,
  unclosed: ReadonlySet<string>,
): { opener: Opener; code: { start: number; end: number } } | null {
  let opener: Opener | null = null;
  for (const lexeme of lexemes(text, from)) {
    if (lexeme.kind !== 'code') continue;
    if (!opener || opener.start < lexeme.start) opener = openerFrom(text, lexeme.start, unclosed);
    if (!opener) return null;
    if (opener.start < lexeme.end) return { opener, code: lexeme };
  }
  return null;
}

function openerFrom(text: string, from: number, unclosed: ReadonlySet<string>): Opener | null {
  const pattern =
    /\$\{[^}\r\n]{1,200}\}|\{\{|\{%|\{#|<%|%\([A-Za-z_]\w{0,100}\)s|(?<![:\w\]]):(?:'\w{1,100}'|"\w{1,100}"|[A-Za-z_]\w{0,100})/g;
  pattern.lastIndex = from;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    if (!unclosed.has(match[0])) return { start: match.index, sign: match[0] };
  }
  return null;
}

function endOf(text: string, { start, sign }: Opener): number | null {
  const closer = closers[sign];
  if (closer === undefined) return start + sign.length;
  const end = text.indexOf(closer, start + 2);
  return end < 0 ? null : end + 2;
}

/** Those of a list in the order of the text that lie inside a stretch of it. */
export function placeholdersWithin(
  placeholders: readonly Placeholder[],
  piece: { start: number; end: number },
): Placeholder[] {
  let low = 0;
  let high = placeholders.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (placeholders[middle]!.start < piece.start) low = middle + 1;
    else high = middle;
  }
  let to = low;
  while (to < placeholders.length && placeholders[to]!.end <= piece.end) to++;
  return placeholders.slice(low, to);
}

/** The text with its placeholders covered, so that what they hold opens, closes and ends nothing; every offset stays. */
export function covered(text: string, placeholders: readonly Placeholder[]): string {
  const parts: string[] = [];
  let taken = 0;
  for (const { start, end } of placeholders) {
    parts.push(text.slice(taken, start), text.slice(start, end).replace(/[^\s\w]/g, '_'));
    taken = end;
  }
  return parts.join('') + text.slice(taken);
}
