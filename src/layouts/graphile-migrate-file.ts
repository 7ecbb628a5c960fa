import { createHash } from 'node:crypto';

/** A committed migration's text in its parts, as the tool reads it. */
export interface CommittedText {
  /** By key, as written; the value is null for a header without one. */
  headers: ReadonlyMap<string, string | null>;
  /** UTF-16 offsets of what the tool sends: the text after the headers without the blanks around it. */
  start: number;
  /** Exclusive. */
  end: number;
  /** Whether the tool takes its headers: none twice, an empty line after them. CRLF ends them before the first. */
  valid: boolean;
}

const headerLine = /^--! ([A-Z][a-zA-Z0-9_]*)(?::(.*))?$/;

/** Reads the parts as `parseMigrationText` of graphile-migrate 1.4 does (dist/migration.js). */
export function readCommitted(text: string): CommittedText {
  const headers = new Map<string, string | null>();
  let valid = true;
  let from = 0;
  for (;;) {
    const lineEnd = text.indexOf('\n', from);
    const line = text.slice(from, lineEnd < 0 ? undefined : lineEnd);
    const match = headerLine.exec(line);
    if (!match) {
      valid &&= line === '';
      break;
    }
    valid &&= !headers.has(match[1]!);
    headers.set(match[1]!, match[2]?.trim() || null);
    if (lineEnd < 0) {
      valid = false;
      from = text.length;
      break;
    }
    from = lineEnd + 1;
  }
  const body = text.slice(from);
  const start = from + body.length - body.trimStart().length;
  const trimmed = start + body.trim().length;
  return { headers, start, end: text[trimmed] === '\n' ? trimmed + 1 : trimmed, valid };
}

/** The hash that the tool gives a body after the migration whose hash is `previous` (dist/hash.js). */
export function chainedHash(body: string, previous: string | null): string {
  const hashed = `${`${previous ?? ''}\n${body.trim()}`.trim()}\n`;
  return `sha1:${createHash('sha1').update(hashed).digest('hex')}`;
}

/**
 * The hash that the tool records for a committed text; null for one that it refuses: without the headers, or with a
 * body that is not the one that was committed, unless `AllowInvalidHash` says so.
 */
export function recordableHash(text: string): string | null {
  const { headers, start, end, valid } = readCommitted(text);
  const previous = headers.get('Previous') ?? null;
  const hash = headers.get('Hash') ?? null;
  if (!valid || previous === null || hash === null) return null;
  const matches = chainedHash(text.slice(start, end), previous === '-' ? null : previous) === hash;
  return matches === headers.has('AllowInvalidHash') ? null : hash;
}

/** A text as `graphile-migrate commit` writes it. */
export function committedText(body: string, previous: string | null, message: string | null): string {
  const headers = [
    `--! Previous: ${previous ?? '-'}`,
    `--! Hash: ${chainedHash(body, previous)}`,
    ...(message ? [`--! Message: ${message}`] : []),
  ];
  return `${headers.join('\n')}\n\n${body.trim()}\n`;
}

/** Only the first line of what is sent counts (dist/header.js). */
export function runsWithoutTransaction(sql: string): boolean {
  return /^--!\s*no-transaction\b/.test(sql.split('\n', 1)[0]!);
}
