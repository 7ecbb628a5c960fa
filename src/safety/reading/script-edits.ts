import type { Statement } from '../../sql/statement';
import type { ScriptEdit } from '../fix-proposal';
import type { RuleScript } from '../rule';
import { wholeLines } from './statement-text';

type Script = Pick<RuleScript, 'sql' | 'statements' | 'comments'>;

/** Puts lines in before a statement, above the comments of ours that speak of it. */
export function insertBefore(script: Script, statement: Statement, lines: readonly string[]): ScriptEdit {
  const marks = ownMarks(script, statement);
  const start = marks ?? statement.start.offset;
  const { indent, alone } = lineOf(script.sql, start);
  const end = lineEnd(script.sql);
  const newText = alone ? lines.map((line) => `${line}${end}${indent}`).join('') : `${lines.join(' ')} `;
  return { start, end: start, newText };
}

/** Puts lines in behind a statement and its semicolon, which is written where it is missing. */
export function insertAfter(
  { sql }: Pick<Script, 'sql'>,
  statement: Statement,
  lines: readonly string[],
): ScriptEdit {
  const semicolon = /^\s*;/.exec(sql.slice(statement.end.offset));
  const place = statement.end.offset + (semicolon?.[0].length ?? 0);
  const { indent, alone } = lineOf(sql, statement.start.offset);
  const between = alone ? `${lineEnd(sql)}${indent}` : ' ';
  const newText = (semicolon ? '' : ';') + lines.map((line) => `${between}${line}`).join('');
  return { start: place, end: place, newText };
}

/** Takes a statement out, with its semicolon and the lines that only it stands on. */
export function removeStatement({ sql }: Pick<Script, 'sql'>, statement: Statement): ScriptEdit {
  return { ...wholeLines(sql, statement.start.offset, statement.end.offset), newText: '' };
}

/** How the script ends its lines. */
export function lineEnd(sql: string): string {
  return sql.includes('\r\n') ? '\r\n' : '\n';
}

/** Where the first of our comments starts that belong to the statement; null where there is none. */
function ownMarks({ sql, comments, statements }: Script, statement: Statement): number | null {
  const from = statements[statement.index - 1]?.end.offset ?? 0;
  const mark = comments.find(
    ({ start, text }) =>
      start.offset >= from &&
      start.offset < statement.start.offset &&
      /^--\s*switchback:(?:ignore|deprecated)\s/.test(text),
  );
  if (!mark) return null;
  // A comment in the middle of a line belongs to what stands before it.
  return lineOf(sql, mark.start.offset).alone ? mark.start.offset : null;
}

function lineOf(sql: string, offset: number): { indent: string; alone: boolean } {
  const lineStart = Math.max(sql.lastIndexOf('\n', offset - 1), sql.lastIndexOf('\r', offset - 1)) + 1;
  const before = offset === 0 ? '' : sql.slice(lineStart, offset);
  return { indent: before, alone: before.trim() === '' };
}
