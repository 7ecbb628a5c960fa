import { blank } from './code/embedded-sql';
import { delimitersAsSemicolons } from './liquibase-delimiters';

/**
 * One changeset of a formatted SQL file. Read as liquibase.parser.AbstractFormattedChangeLogParser of Liquibase 4.28
 * reads it: line by line, whatever the line is in.
 */
export interface Changeset {
  id: string;
  author: string;
  /** The path it is recorded with in place of the file's; null for the file's own. */
  logicalPath: string | null;
  comment: string;
  context: string | null;
  labels: string | null;
  dbms: string | null;
  ignored: boolean;
  inTransaction: boolean;
  /** Each run may be of another text. */
  runsAgain: boolean;
  validChecksums: string[];
  /** Its line and what follows: what is not sent in the way there is blank, so that places are those of the file. */
  up: SqlPart;
  /** What the tool takes for the SQL, for its checksum. */
  sql: string;
  rollback: Rollback;
}

export interface SqlPart {
  text: string;
  /** UTF-16 offset in the file. */
  offset: number;
}

export type Rollback =
  | { kind: 'none' }
  | { kind: 'sql'; part: SqlPart }
  /** The SQL of another changeset. */
  | { kind: 'changeset'; id: string | null; author: string | null; path: string | null };

const blanks = '[ \\t\\f\\v]*';
const pattern = (text: string): RegExp => new RegExp(`^${text.replaceAll('~', blanks)}$`, 'i');
const firstLine = pattern('~--~liquibase~formatted.*');
const changesetLine = pattern('~--~changeset[ \\t\\f\\v]+("[^"]+"|[^:]+):~("[^"]+"|\\S+).*');
const propertyLine = pattern('~--~property[ \\t\\f\\v]+(.*:.*)[ \\t\\f\\v]+(.*:.*).*');
const ignoreLine = pattern('--~ignoreLines:(\\w+)');
const commentLine = pattern('--~comment:? (.*)');
const checksumLine = pattern('--~validCheckSum:? (.*)');
const rollbackLine = pattern('~--~rollback (.*)');
const rollbackStart = pattern('~/\\*~liquibase~rollback~');
const rollbackEnd = pattern('.*\\*/~');
const preconditionLine = pattern('~--~precondition(?:s|-[a-z0-9-]+)(?: .*)?');

/** Whether a file is formatted SQL, by its first line that has anything in it. */
export function isFormattedSql(text: string): boolean {
  return firstLine.test(/^\s*([^\r\n]*)/.exec(text)![1]!);
}

interface Line {
  text: string;
  start: number;
  /** Without its line end. */
  end: number;
}

/** The changesets of a file in its order. What is before the first one is none's. */
export function changesetsOf(text: string): Changeset[] {
  const lines = linesOf(text);
  const found: Changeset[] = [];
  const head = lines.find((line) => firstLine.test(line.text));
  const pathOfFile = head ? attribute(head.text, 'logicalFilePath:(\\S*)') : null;
  let from: number | null = null;
  for (let index = 0; index < lines.length; index += 1) {
    if (ignoreLine.test(lines[index]!.text)) index = afterIgnored(lines, index) - 1;
    else if (changesetLine.test(lines[index]!.text)) {
      if (from !== null) found.push(changesetOf(text, lines.slice(from, index), pathOfFile));
      from = index;
    }
  }
  if (from !== null) found.push(changesetOf(text, lines.slice(from), pathOfFile));
  return found;
}

function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  for (const match of text.matchAll(/([^\r\n]*)(\r\n|\n|\r|$)/g)) {
    if (match[0] === '') break;
    lines.push({ text: match[1]!, start: match.index, end: match.index + match[1]!.length });
  }
  return lines;
}

/** The index of the first line that counts again: after the end, or after so many lines. */
function afterIgnored(lines: readonly Line[], index: number): number {
  const count = ignoreLine.exec(lines[index]!.text)![1]!;
  if (count !== 'start') return index + 1 + (Number.parseInt(count, 10) || 0);
  const end = lines.findIndex((line, at) => at > index && ignoreLine.exec(line.text)?.[1] === 'end');
  return end < 0 ? lines.length : end + 1;
}

/** What the lines of one changeset are for. */
class Body {
  readonly sql: string[] = [];
  /** Not sent in the way there. */
  readonly hidden: { start: number; end: number }[] = [];
  readonly back: { start: number; end: number; text: string }[] = [];
  comment = '';
  readonly checksums: string[] = [];

  constructor(private readonly lines: readonly Line[]) {
    for (let index = 1; index < lines.length;) index = this.take(index);
  }

  /** Takes a line, or all of a block; gives the index of the next one. */
  private take(index: number): number {
    const line = this.lines[index]!;
    if (propertyLine.test(line.text)) return index + 1;
    if (ignoreLine.test(line.text)) {
      const next = Math.min(afterIgnored(this.lines, index), this.lines.length);
      this.hidden.push({ start: line.start, end: this.lines[next - 1]!.end });
      return next;
    }
    const comment = commentLine.exec(line.text);
    const checksum = checksumLine.exec(line.text);
    const rollback = rollbackLine.exec(line.text);
    if (comment) this.comment = comment[1]!;
    else if (checksum) this.checksums.push(checksum[1]!.trim());
    else if (rollback) {
      this.hidden.push(line);
      this.back.push({ start: line.end - rollback[1]!.length, end: line.end, text: rollback[1]! });
    } else if (rollbackStart.test(line.text)) return this.takeBlock(index);
    else if (!preconditionLine.test(line.text)) this.sql.push(line.text);
    return index + 1;
  }

  private takeBlock(index: number): number {
    const end = this.lines.findIndex((line, at) => at > index && rollbackEnd.test(line.text));
    const last = end < 0 ? this.lines.length - 1 : end;
    for (const line of this.lines.slice(index + 1, last + 1)) {
      const text = line === this.lines[end] ? line.text.replace(/\*\/\s*$/, '') : line.text;
      this.back.push({ start: line.start, end: line.start + text.length, text });
    }
    this.hidden.push({ start: this.lines[index]!.start, end: this.lines[last]!.end });
    return last + 1;
  }
}

function changesetOf(text: string, lines: readonly Line[], pathOfFile: string | null): Changeset {
  const header = lines[0]!.text;
  const [, author, id] = changesetLine.exec(header)!;
  const body = new Body(lines);
  const delimiter = attribute(header, '\\bendDelimiter:(\\S*)');
  return {
    id: bare(id!),
    author: bare(author!),
    logicalPath: attribute(header, 'logicalFilePath:(\\S*)') || pathOfFile,
    comment: body.comment,
    context: quoted(header, 'contextFilter') || quoted(header, 'context'),
    labels: quoted(header, 'labels'),
    dbms: attribute(header, 'dbms:([^,][\\w!,]+)'),
    ignored: /^true$/i.test(attribute(header, 'ignore:(\\w*)') ?? ''),
    inTransaction: !isSet(header, 'runInTransaction', false),
    runsAgain: isSet(header, 'runOnChange', true) || isSet(header, 'runAlways', true),
    validChecksums: body.checksums,
    up: { text: header + sentAfter(text, lines, body, delimiter), offset: lines[0]!.start },
    sql: trimmed(body.sql.join('\n')),
    rollback: rollbackOf(text, body, header),
  };
}

/** What is sent behind the line that begins a changeset, what is not being blank. */
function sentAfter(text: string, lines: readonly Line[], body: Body, delimiter: string | null): string {
  const shown = hiding(text, lines[0]!.end, lines.at(-1)!.end, body.hidden);
  return delimitersAsSemicolons(shown, delimiter).trimEnd();
}

/** A stretch of the file with parts of it blank. */
function hiding(
  text: string,
  start: number,
  end: number,
  hidden: readonly { start: number; end: number }[],
): string {
  let shown = '';
  let place = start;
  for (const part of hidden) {
    shown += text.slice(place, part.start) + blank(text.slice(part.start, part.end));
    place = part.end;
  }
  return shown + text.slice(place, end);
}

function rollbackOf(text: string, { back }: Body, header: string): Rollback {
  const said = back
    .map((part) => part.text)
    .join('\n')
    .trim();
  if (said === '') return { kind: 'none' };
  const offset = back[0]!.start;
  if (/^(?:not required|empty).*$/i.test(said)) return { kind: 'sql', part: { text: '', offset } };
  if (/changesetid/i.test(said)) {
    const all = said.replaceAll('\n', '');
    return {
      kind: 'changeset',
      id: attribute(all, 'changesetId:(\\S+)'),
      author: attribute(all, 'changesetAuthor:(\\S+)'),
      path: attribute(all, 'changesetPath:(\\S+)'),
    };
  }
  const end = back.at(-1)!.end;
  const between = back.slice(1).map((part, index) => ({ start: back[index]!.end, end: part.start }));
  const delimiter = attribute(header, '\\brollbackEndDelimiter:(\\S*)');
  const sql = delimitersAsSemicolons(hiding(text, offset, end, between), delimiter);
  return { kind: 'sql', part: { text: sql, offset } };
}

/** The last one of its name, as a pattern that begins with `.*` finds it. */
function attribute(line: string, named: string): string | null {
  return new RegExp(`^.*${named}.*$`, 'i').exec(line)?.[1] ?? null;
}

function quoted(line: string, name: string): string | null {
  const value = attribute(line, `${name}:(".*?"|\\S*)`);
  return value === null ? null : bare(value);
}

function isSet(line: string, name: string, value: boolean): boolean {
  const written = attribute(line, `${name}:(\\w+)`);
  return written !== null && /^true$/i.test(written) === value;
}

function bare(value: string): string {
  return /^(["']).*\1$/.test(value) && value.length > 1 ? value.slice(1, -1) : value;
}

/** Without what is at most a blank at both ends, control characters too. */
export function trimmed(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && text.charCodeAt(start) <= 32) start += 1;
  while (end > start && text.charCodeAt(end - 1) <= 32) end -= 1;
  return text.slice(start, end);
}
