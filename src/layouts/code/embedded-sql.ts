import { migrationScript, partOfFile } from '../migration-script';
import type { Direction, MigrationScript } from '../layout';

/** A stretch of a program that is SQL, with the text that stands there for the parser: just as long, ended by a semicolon. */
export interface EmbeddedSql {
  start: number;
  /** Exclusive. */
  end: number;
  text: string;
}

/** The SQL of both directions of a program; null where it has no such direction. */
export type EmbeddedDirections = Record<Direction, EmbeddedSql[] | null>;

export interface CodeScript {
  path: string;
  /** The program. */
  source: string;
  direction: Direction;
  embedded: readonly EmbeddedSql[];
  transaction: MigrationScript['transaction'];
  irreversible?: true;
}

/**
 * The SQL in a program as a script whose places are those of the file: all around it is blank. Without any SQL it is
 * empty.
 */
export function codeScript({ source, embedded, ...script }: CodeScript): MigrationScript {
  const inOrder = [...embedded].sort((one, other) => one.start - other.start);
  const start = inOrder[0]?.start ?? 0;
  const end = inOrder.at(-1)?.end ?? start;
  const part = partOfFile(source, start, end);
  return migrationScript({ ...script, ...part, sql: textOf(source, start, end, inOrder) });
}

function textOf(source: string, start: number, end: number, embedded: readonly EmbeddedSql[]): string {
  const parts: string[] = [];
  let place = start;
  for (const sql of embedded) {
    // A constant that two calls send is there once.
    if (sql.start < place) continue;
    parts.push(blank(source.slice(place, sql.start)), sql.text);
    place = sql.end;
  }
  parts.push(blank(source.slice(place, end)));
  return parts.join('');
}

/** Blanks in place of a text, its line ends kept: lines and columns stay what they were. */
export function blank(text: string): string {
  return text.replace(/[^\r\n]/g, ' ');
}

/** What stands for a value that a program fills in: as long as what is there, and read as a placeholder. */
export function gap(text: string): string {
  const line = /^[^\r\n]*/.exec(text)![0];
  if (text.length < 4 || line.length < 4) return blank(text);
  if (/^\$\{[^{}\r\n]{1,200}\}$/.test(text)) return text;
  const length = Math.min(line.length, 100);
  return `\${${'x'.repeat(length - 3)}}${blank(text.slice(length))}`;
}
