import type { Files } from '../ports/files';
import { lexemes } from '../sql/lexer';
import { splitStatements } from '../sql/split';

/** The comment many teams put on top; whether Flyway itself reads it is not documented, its `.conf` file is. */
export const outsideMarker = '-- flyway:executeInTransaction=false';
/** What a file beside the migration, named like it with `.conf`, says for the same. */
export const outsideConfiguration = 'executeInTransaction=false\n';

/** Statements for which Flyway leaves the transaction by itself: PostgreSQLParser in flyway-database-postgresql. */
const refusing =
  /^(?:(?:CREATE|DROP) (?:DATABASE|TABLESPACE|SUBSCRIPTION)|ALTER SYSTEM|(?:CREATE|DROP)(?: UNIQUE)? INDEX CONCURRENTLY|REINDEX(?: VERBOSE)? (?:SCHEMA|DATABASE|SYSTEM)|VACUUM|DISCARD ALL)\b/;
/** What one of them has in it somewhere: most files have none of these words and are not looked at closer. */
const hint = /\b(?:database|tablespace|subscription|system|concurrently|reindex|vacuum|discard)\b/i;

/**
 * Whether Flyway runs a file in one transaction: what `<file>.conf` says (https://documentation.red-gate.com/fd/
 * migration-transaction-handling-273973399.html), else the comment on top, else whether each statement may be in one.
 */
export async function runsInTransaction(file: string, sql: string, files: Files): Promise<boolean> {
  const configured = inConfiguration(await files.readIfExists(`${file}.conf`));
  if (configured !== null) return configured;
  if (saysOutside(sql)) return false;
  return !hint.test(sql) || !splitStatements(sql).some((piece) => refuses(sql.slice(piece.start, piece.end)));
}

function inConfiguration(text: string | null): boolean | null {
  const value =
    text === null ? null : /^[ \t]*executeInTransaction[ \t]*=[ \t]*(\w+)[ \t]*$/m.exec(text)?.[1];
  return value ? value.toLowerCase() === 'true' : null;
}

/** Only comments before the first statement count. */
function saysOutside(sql: string): boolean {
  for (const line of sql.split(/\r\n|\n|\r/)) {
    const text = line.trim();
    if (text === '') continue;
    if (!text.startsWith('--')) return false;
    if (/^--\s*flyway:\s*executeInTransaction\s*=\s*false$/i.test(text)) return true;
  }
  return false;
}

function refuses(statement: string): boolean {
  const code = [...lexemes(statement.slice(0, 2_000))]
    .filter(({ kind }) => kind !== 'comment')
    .map(({ start, end }) => statement.slice(start, end));
  return refusing.test(code.join(' ').trim().replace(/\s+/g, ' ').toUpperCase());
}
