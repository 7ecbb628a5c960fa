import { splitStatements } from '../sql/split';
import { endsWithSemicolon, readGooseFile } from './goose-file';

/**
 * SQL as goose cuts it into the statements that it has: goose ends one where a line ends in a semicolon, in the body
 * of a function too, unless StatementBegin and StatementEnd stand around it.
 */
export function gooseStatements(sql: string): string {
  const text = closed(sql);
  const lines = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  if (typeof readGooseFile(`-- +goose Up\n${lines}`, '', 'up') !== 'string' && !isCut(text)) return lines;
  return `-- +goose StatementBegin\n${lines}-- +goose StatementEnd\n`;
}

/** With a semicolon behind its last statement. */
function closed(sql: string): string {
  const last = splitStatements(sql).at(-1);
  if (last?.kind !== 'statement' || sql.slice(last.end, last.next).includes(';')) return sql;
  return `${sql.slice(0, last.end)};${sql.slice(last.end)}`;
}

function isCut(text: string): boolean {
  const ends = new Set(splitStatements(text).map(({ next }) => next - 1));
  let start = 0;
  for (const line of text.split('\n')) {
    const code = line.replace(/(?:^|\s)--[^]*/, '').trimEnd();
    if (endsWithSemicolon(line) && !ends.has(start + code.length - 1)) return true;
    start += line.length + 1;
  }
  return false;
}
