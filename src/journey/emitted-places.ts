import type { Direction, MigrationScript } from '../layouts/layout';
import { t } from '../messages/translate';
import type { Finding } from '../safety/finding';
import { TextPositions } from '../sql/positions';
import type { Position } from '../sql/statement';
import type { LintedFile } from './outcomes';

interface Place {
  start: Position;
  end: Position;
}

/** Where the statements of one direction stand in a program. */
export interface ProgramPlaces {
  /** Its first statement, else the line that the direction begins with: where that is said which stands nowhere. */
  first: Place;
  /** Where a text stands as it is; null where it does not. */
  of(sql: string): Place | null;
}

/** Looks through the text of a program, and through the SQL that can be read in it. */
export function programPlaces(
  source: string,
  direction: Direction,
  readable: MigrationScript | null,
): ProgramPlaces {
  const positions = new TextPositions(source);
  const between = (start: number, end: number): Place => ({
    start: positions.at(start),
    end: positions.at(end),
  });
  const [from, to] = readable ? [readable.offset, readable.offset + readable.sql.length] : [0, 0];
  return {
    first: between(...firstOf(source, direction, readable)),
    of: (sql) => {
      const found = source.indexOf(sql, from);
      return found < 0 || found + sql.length > to ? null : between(found, found + sql.length);
    },
  };
}

function firstOf(source: string, direction: Direction, readable: MigrationScript | null): [number, number] {
  const statement = readable && /\S[^\r\n]*/.exec(readable.sql);
  if (readable && statement) {
    const start = readable.offset + statement.index;
    // The semicolon stands for the end of a string.
    return [start, start + statement[0].replace(/[\s;]+$/, '').length];
  }
  const names = direction === 'up' ? 'up|upgrade|change' : 'down|downgrade';
  const line =
    new RegExp(`^.*(?<![\\w$.])(?:exports\\.)?(?:${names})\\b\\s*[=(:].*$`, 'm').exec(source) ??
    /^.*$/m.exec(source)!;
  const start = line.index + /^\s*/.exec(line[0])![0].length;
  return [start, Math.max(start, line.index + line[0].trimEnd().length)];
}

/** Judged SQL that a tool sends, placed in its program; what does not stand there is told with what it is about. */
export function inProgram(linted: LintedFile, sql: string, places: ProgramPlaces, tool: string): LintedFile {
  const sent = new Map<number, string>();
  const texts = linted.statements.map(({ start, end }) => sql.slice(start.offset, end.offset));
  const placed = texts.map((text) => places.of(text));
  const statements = linted.statements.map((statement, index) => {
    const place = placed[index];
    if (!place) sent.set(statement.index, texts[index]!);
    return { ...statement, ...(place ?? places.first) };
  });
  const findings = linted.findings.map((finding): Finding => {
    const index = linted.statements.findIndex((statement) => statement.index === finding.statement);
    const place = placed[index];
    // What it is about stands there, in the words that were sent: the whole of it says enough.
    if (place) return { ...finding, ...place, fix: null };
    const text = texts[index] ?? sql.slice(finding.start.offset, finding.end.offset);
    const message = t('{0} {1} sends: {2}', finding.message, tool, shortened(text));
    return { ...finding, ...places.first, message, fix: null };
  });
  return { ...linted, statements, findings, sent };
}

function shortened(sql: string): string {
  const line = sql.replace(/\s+/g, ' ').trim();
  return line.length > 160 ? `${line.slice(0, 159)}…` : line;
}
