/** What the CLI is inside of; `from` is where it began. */
type Inside =
  | { kind: 'code' }
  | { kind: 'dash' }
  | { kind: 'block'; depth: number }
  | { kind: 'backslash' }
  | { kind: 'tag'; from: number }
  | { kind: 'until'; mark: string }
  | { kind: 'quote'; sign: string; closing: boolean }
  | { kind: 'body'; end: string; within: Inside };

const code: Inside = { kind: 'code' };

/**
 * The statements of a file as Supabase's CLI cuts and records them: at semicolons, without these and the blanks around,
 * comments kept. It reads as the CLI does, not as PostgreSQL does: no escapes in E'' strings, `a$b$` opens a dollar
 * quote, and a nested parenthesis closes the outer one. The rules are those of pkg/parser in
 * https://github.com/supabase/cli, with BEGIN ATOMIC as its newest version takes it.
 */
export function supabaseStatements(sql: string): string[] {
  const statements: string[] = [];
  let inside: Inside = code;
  let start = 0;
  for (let end = 0; end < sql.length;) {
    const sign = String.fromCodePoint(sql.codePointAt(end)!);
    end += sign.length;
    const next = step(inside, sign, { sql, start, end });
    inside = next ?? code;
    if (next !== null) continue;
    statements.push(sql.slice(start, end));
    start = end;
  }
  statements.push(sql.slice(start));
  return statements.map((text) => text.replace(/(?<!;);+$/, '').trim()).filter((text) => text !== '');
}

/** What was read of the statement so far. */
interface Reading {
  sql: string;
  start: number;
  end: number;
}

/** The last characters read, none of an earlier statement. */
function last({ sql, start, end }: Reading, length: number): string {
  return sql.slice(Math.max(start, end - length), end);
}

/** Where the CLI is after one more character; null where a statement ends with it. */
function step(inside: Inside, sign: string, reading: Reading): Inside | null {
  switch (inside.kind) {
    case 'code':
      return inCode(sign, reading);
    case 'dash':
      return sign === '-' ? { kind: 'until', mark: '\n' } : inCode(sign, reading);
    case 'block':
      return inBlock(inside.depth, sign, reading);
    case 'backslash':
      return code;
    case 'tag':
      if (sign === '$') return { kind: 'until', mark: reading.sql.slice(inside.from, reading.end) };
      return /[\p{L}\p{N}_]/u.test(sign) ? inside : inCode(sign, reading);
    case 'until':
      return last(reading, inside.mark.length) === inside.mark ? code : inside;
    case 'quote':
      if (sign === inside.sign) return { ...inside, closing: !inside.closing };
      return inside.closing ? inCode(sign, reading) : inside;
    case 'body': {
      const within = step(inside.within, sign, reading) ?? inside.within;
      const ends = within.kind === 'code' && last(reading, inside.end.length).toUpperCase() === inside.end;
      return ends ? code : { ...inside, within };
    }
  }
}

function inCode(sign: string, reading: Reading): Inside | null {
  switch (sign) {
    case ';':
      return null;
    case "'":
    case '"':
      return { kind: 'quote', sign, closing: false };
    case '-':
      return { kind: 'dash' };
    case '/':
      return { kind: 'block', depth: 0 };
    case '$':
      return { kind: 'tag', from: reading.end - 1 };
    case '\\':
      return { kind: 'backslash' };
    case '(':
      return { kind: 'body', end: ')', within: code };
    case 'c':
    case 'C':
      return opensAtomicBody(reading) ? { kind: 'body', end: 'END', within: code } : code;
    default:
      return code;
  }
}

/** Two characters at a time, which may overlap. */
function inBlock(depth: number, sign: string, reading: Reading): Inside | null {
  const pair = last(reading, 2);
  if (pair === '/*') return { kind: 'block', depth: depth + 1 };
  if (depth === 0) return inCode(sign, reading);
  if (pair !== '*/') return { kind: 'block', depth };
  return depth === 1 ? code : { kind: 'block', depth: depth - 1 };
}

function opensAtomicBody(reading: Reading): boolean {
  if (last(reading, 6).toUpperCase() !== 'ATOMIC') return false;
  const before = reading.sql.slice(reading.start, reading.end - 6);
  const words = before.trimEnd();
  // The last of it is enough, a letter of two code units with it: there may be many of the word in one statement.
  return words !== before && /(?:^|[^\p{L}\p{N}_$])BEGIN$/iu.test(words.slice(-7));
}

/** Kinds of statements that the CLI runs by themselves, between transactions for those around them (since 2.109). */
const standalone = [
  /^(?:CREATE(?: UNIQUE)?|DROP) INDEX CONCURRENTLY\b/,
  /^REINDEX\b.*\bCONCURRENTLY\b/,
  /^REINDEX\b.*\b(?:DATABASE|SYSTEM|SCHEMA)\b/,
  /^(?:VACUUM|CLUSTER|ALTER SYSTEM|DISCARD ALL)\b/,
  /^(?:CREATE|DROP) (?:DATABASE|TABLESPACE|SUBSCRIPTION)\b/,
  /^ALTER DATABASE\b.*\bSET TABLESPACE\b/,
  /^ALTER SUBSCRIPTION\b.*\b(?:REFRESH|(?:SET|ADD|DROP) PUBLICATION)\b/,
  /^ALTER TABLE\b.*\bDETACH PARTITION\b.*\b(?:CONCURRENTLY|FINALIZE)\b/,
];
const hint = /concurrently|reindex|vacuum|cluster|system|discard|database|tablespace|subscription|finalize/i;

/** Whether the CLI runs a file in one transaction. One with a BEGIN of its own runs as it is written. */
export function runsInOneTransaction(sql: string): boolean {
  if (!hint.test(sql)) return true;
  return !supabaseStatements(sql).some((statement) => {
    const words = withoutComments(statement).slice(0, 2_000).replace(/\s+/g, ' ').toUpperCase();
    return standalone.some((pattern) => pattern.test(words));
  });
}

/** Without the comments before its first word: the CLI looks behind no others. */
function withoutComments(statement: string): string {
  return statement.replace(/^(?:\s+|--[^\n]*(?:\n|$)|\/\*[^]*?\*\/)+/, '');
}
