import { lexemes, type Lexeme } from './lexer';
import { endsStatement } from './psql-command';

/** A stretch of a script, in UTF-16 offsets: one statement, one psql command, or data of COPY FROM STDIN. */
export interface Piece {
  kind: 'statement' | 'psql-command' | 'copy-data';
  start: number;
  /** Exclusive; without the semicolon. */
  end: number;
  /** Where the next piece begins. */
  next: number;
  /** False when a quote, comment, parenthesis or BEGIN ATOMIC body was still open at the text's end. */
  closed: boolean;
  /** Commands of psql between the lines of a statement that goes on behind them. */
  commands: { start: number; end: number }[];
}

/** Cuts a script at its top-level semicolons, the way psql does, without parsing it. Blank pieces are left out. */
export function splitStatements(text: string): Piece[] {
  const pieces: Piece[] = [];
  for (let from = 0; from < text.length;) {
    const piece = nextPiece(text, from);
    if (!piece) break;
    pieces.push(piece);
    from = piece.next;
  }
  return pieces;
}

/** The first piece at or after `from`; null when only blanks and comments are left. */
export function nextPiece(text: string, from: number): Piece | null {
  const scan: Scan = { start: -1, end: from, parentheses: 0, blocks: 0, words: [], commands: [] };
  for (let place = from; ;) {
    const result = scanFrom(text, place, scan);
    // A command of psql inside a statement may hold quotes: reading goes on behind its line.
    if (typeof result !== 'number') return result;
    place = result;
  }
}

/** A piece, null at the end of the text, or where to go on. */
function scanFrom(text: string, from: number, scan: Scan): Piece | null | number {
  for (const lexeme of lexemes(text, from, 'semicolons')) {
    if (lexeme.kind === 'code') {
      const piece = scanCode(text, lexeme, scan);
      if (piece !== null) return piece;
    } else if (lexeme.kind === 'comment') {
      if (!lexeme.closed && scan.start < 0) return pieceOf(lexeme.start, lexeme.end, lexeme.end, false);
    } else {
      extend(scan, lexeme.start, lexeme.end);
      if (lexeme.kind !== 'identifier') scan.words.push('');
    }
    if (!lexeme.closed) return pieceOf(scan.start, text.length, text.length, false, scan.commands);
  }
  if (scan.start < 0) return null;
  const closed = scan.parentheses <= 0 && scan.blocks === 0;
  return pieceOf(scan.start, scan.end, text.length, closed, scan.commands);
}

interface Scan {
  /** The first character of the statement; -1 before it. */
  start: number;
  end: number;
  parentheses: number;
  /** Open BEGIN and CASE words of a BEGIN ATOMIC body. */
  blocks: number;
  /** The first words of the statement, lower case. */
  words: string[];
  commands: Piece['commands'];
}

function scanCode(text: string, lexeme: Lexeme, scan: Scan): Piece | number | null {
  const pattern = /[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*|[^\s]/g;
  pattern.lastIndex = lexeme.start;
  for (let match = pattern.exec(text); match && match.index < lexeme.end; match = pattern.exec(text)) {
    const token = match[0];
    const start = match.index;
    if (token === '\\') return psqlCommand(text, start, scan);
    if (token === ';' && scan.parentheses <= 0 && scan.blocks === 0) {
      if (scan.start < 0) continue;
      return withCopyData(text, pieceOf(scan.start, scan.end, start + 1, true, scan.commands));
    }
    if (token === ';' && scan.start < 0) continue;
    extend(scan, start, Math.min(pattern.lastIndex, lexeme.end));
    if (token === '(') scan.parentheses += 1;
    else if (token === ')') scan.parentheses -= 1;
    else if (/^[A-Za-z_\u0080-\uffff]/.test(token)) countBlocks(scan, token.toLowerCase());
    if (pattern.lastIndex > lexeme.end) pattern.lastIndex = lexeme.end;
  }
  return null;
}

/** BEGIN ATOMIC bodies hold semicolons: https://www.postgresql.org/docs/current/sql-createfunction.html */
function countBlocks(scan: Scan, word: string): void {
  if (scan.words.length < 4) scan.words.push(word);
  if (scan.parentheses !== 0 || !createsRoutine(scan.words)) return;
  if (word === 'begin') scan.blocks += 1;
  else if (word === 'case' && scan.blocks > 0) scan.blocks += 1;
  else if (word === 'end' && scan.blocks > 0) scan.blocks -= 1;
}

function createsRoutine(words: string[]): boolean {
  if (words[0] !== 'create') return false;
  const kind = words[1] === 'or' && words[2] === 'replace' ? words[3] : words[1];
  return kind === 'function' || kind === 'procedure';
}

function extend(scan: Scan, start: number, end: number): void {
  if (scan.start < 0) scan.start = start;
  scan.end = end;
}

/**
 * A backslash outside quotes starts a psql command, which ends with its line. Some end the statement before them as
 * a semicolon does; a statement goes on behind the others.
 */
function psqlCommand(text: string, start: number, scan: Scan): Piece | number {
  const end = lineEnd(text, start);
  if (scan.start < 0) return { kind: 'psql-command', start, end, next: end, closed: true, commands: [] };
  if (endsStatement(text.slice(start, Math.min(end, start + 40)))) {
    return pieceOf(scan.start, scan.end, start, true, scan.commands);
  }
  scan.commands.push({ start, end });
  return end;
}

function lineEnd(text: string, from: number): number {
  const pattern = /[\r\n]/g;
  pattern.lastIndex = from;
  return pattern.exec(text)?.index ?? text.length;
}

function pieceOf(
  start: number,
  end: number,
  next: number,
  closed: boolean,
  commands: Piece['commands'] = [],
): Piece {
  return { kind: 'statement', start, end, next, closed, commands };
}

/** `COPY t FROM stdin;` is followed by its data, up to a line holding only `\.`; both are one piece for us. */
function withCopyData(text: string, piece: Piece): Piece {
  if (!/^copy\b/i.test(text.slice(piece.start, piece.start + 5))) return piece;
  if (!/\bfrom\s+stdin\b/i.test(text.slice(piece.start, piece.end))) return piece;
  const terminator = /^\\\.[ \t]*(?:\r?\n|$)/gm;
  terminator.lastIndex = piece.next;
  if (!terminator.exec(text)) return piece;
  return { ...piece, kind: 'copy-data', next: terminator.lastIndex };
}

/** Whether the text ends inside a quote, comment or parenthesis, cut on from a piece of it. */
export function endsOpen(text: string, piece: Piece): boolean {
  let last: Piece | null = piece;
  while (last && last.closed) last = last.next < text.length ? nextPiece(text, last.next) : null;
  return last !== null;
}
