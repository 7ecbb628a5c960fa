import { errorText } from '../messages/error';
import { t } from '../messages/translate';
import { lexemes } from './lexer';
import { placeholderIn } from './placeholder';
import { TextPositions } from './positions';
import { nextPiece, type Piece } from './split';
import type { ParsedSql, SqlComment, SqlProblem, Statement } from './statement';
import { convertPlaces, kindOf } from './tree';

interface Raw {
  stmt: Record<string, unknown>;
  stmt_location?: number;
  stmt_len?: number;
}

type ParseRaw = (text: string) => Raw[];

/** How often a script with an open quote is tried again from the next statement. */
const maximumResumptions = 50;

/** Parses a whole script: at once where PostgreSQL accepts it, else statement by statement. */
export function parseScript(original: string, parseRaw: ParseRaw): ParsedSql {
  const text = readable(original);
  const script = new Script(original, text, parseRaw);
  // C strings end at NUL, so text behind one would silently be lost.
  if (text.includes('\0') || !script.parseWhole()) script.parsePieces();
  return script.result();
}

/** The same text for the parser: no byte order mark, no half surrogate pairs; every offset stays. */
function readable(text: string): string {
  const marked = text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text;
  return marked.replace(/\p{Surrogate}/gu, '\uFFFD');
}

class Script {
  private readonly statements: Statement[] = [];
  private readonly problems: SqlProblem[] = [];
  private readonly comments: SqlComment[];
  private readonly positions: TextPositions;
  private resumptions = 0;

  constructor(
    private readonly original: string,
    private readonly text: string,
    private readonly parseRaw: ParseRaw,
  ) {
    this.positions = new TextPositions(text);
    this.comments = commentsOf(original, text, this.positions);
  }

  result(): ParsedSql {
    return { statements: this.statements, problems: this.problems, comments: this.comments };
  }

  /** False when the parser refuses the text. */
  parseWhole(): boolean {
    let raws: Raw[];
    try {
      raws = this.parseRaw(this.text);
    } catch {
      return false;
    }
    for (const raw of raws) this.add(raw, this.positions, 0, this.text.length);
    return true;
  }

  parsePieces(): void {
    for (let from = 0; from < this.text.length;) {
      const piece = nextPiece(this.text, from);
      if (!piece) return;
      from = this.parsePiece(piece);
    }
  }

  /** Where to go on. */
  private parsePiece(piece: Piece): number {
    if (piece.kind === 'psql-command') {
      this.problem(
        'not-analysed',
        t('This is a command of psql, not SQL. It was not analysed; the SQL after it was.'),
        piece.start,
        piece.end,
      );
      return piece.next;
    }
    const slice = this.text.slice(piece.start, piece.end);
    const nul = slice.indexOf('\0');
    if (nul >= 0) {
      this.problem(
        'syntax-error',
        t('PostgreSQL cannot read this statement: it holds a NUL character. Remove it.'),
        piece.start + nul,
        piece.start + nul + 1,
      );
      return piece.next;
    }
    try {
      const raws = this.parseRaw(slice);
      const local = this.positions.isAscii ? this.positions : new TextPositions(slice);
      for (const raw of raws) this.add(raw, local, piece.start, piece.end);
    } catch (error) {
      return this.failed(piece, slice, error);
    }
    if (piece.kind === 'copy-data') {
      this.problem(
        'not-analysed',
        t('These are rows for COPY, which psql sends. They were not analysed; the SQL after them was.'),
        piece.end,
        piece.next,
      );
    }
    return piece.next;
  }

  private failed(piece: Piece, slice: string, error: unknown): number {
    const placeholder = placeholderIn(slice);
    if (placeholder) {
      this.problem(
        'not-analysed',
        t(
          'The placeholder {0} is filled in by the migration tool. This statement was not analysed; the others were.',
          slice.slice(placeholder.start, placeholder.end),
        ),
        piece.start + placeholder.start,
        piece.start + placeholder.end,
      );
      return piece.next;
    }
    const place = errorPlace(slice, error);
    const resume = this.resumeAt(piece);
    const end = resume ?? piece.end;
    const start = Math.min(piece.start + place.start, Math.max(end - 1, piece.start));
    this.problem(
      'syntax-error',
      t(
        'PostgreSQL cannot read this statement: {0}. Correct it; the others were analysed.',
        errorText(error),
      ),
      start,
      Math.max(Math.min(piece.start + place.end, end), start),
    );
    return resume ?? piece.next;
  }

  /**
   * A forgotten closing quote or parenthesis swallows what follows. When the text ends inside one, the
   * statement that failed first is where it was forgotten: go on behind its first line that ends in a semicolon.
   */
  private resumeAt(piece: Piece): number | null {
    if (this.resumptions >= maximumResumptions || !endsOpen(this.text, piece)) return null;
    this.resumptions += 1;
    const match = /;[ \t]*(?:--[^\r\n]*)?(?=[\r\n])/.exec(this.text.slice(piece.start));
    return match ? piece.start + match.index + match[0].length : null;
  }

  private add(raw: Raw, local: TextPositions, base: number, scriptEnd: number): void {
    if (base > 0 || !local.isAscii) convertPlaces(raw.stmt, (byte) => local.fromBytes(byte) + base);
    const first = raw.stmt_location ?? 0;
    const start = local.fromBytes(first) + base;
    // The parser gives no length to a last statement without a semicolon.
    const last = raw.stmt_len ? local.fromBytes(first + raw.stmt_len) + base : scriptEnd;
    const range = this.trim(start, last);
    this.statements.push({
      index: this.statements.length,
      kind: kindOf(raw.stmt),
      text: this.original.slice(range.start, range.end),
      start: this.positions.at(range.start),
      end: this.positions.at(range.end),
      node: raw.stmt,
    });
  }

  /** Takes blanks and comments off both ends. */
  private trim(start: number, end: number): { start: number; end: number } {
    let from = start;
    let to = end;
    for (;;) {
      while (from < to && /\s/.test(this.text[from]!)) from++;
      const comment = this.commentAt('start', from);
      if (!comment || comment.end.offset > to) break;
      from = comment.end.offset;
    }
    for (;;) {
      while (to > from && /[\s;]/.test(this.text[to - 1]!)) to--;
      const comment = this.commentAt('end', to);
      if (!comment || comment.start.offset < from) break;
      to = comment.start.offset;
    }
    return { start: from, end: to };
  }

  private commentAt(side: 'start' | 'end', offset: number): SqlComment | undefined {
    let low = 0;
    let high = this.comments.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const place = this.comments[middle]![side].offset;
      if (place === offset) return this.comments[middle];
      if (place < offset) low = middle + 1;
      else high = middle - 1;
    }
    return undefined;
  }

  private problem(kind: SqlProblem['kind'], message: string, start: number, end: number): void {
    this.problems.push({ kind, message, start: this.positions.at(start), end: this.positions.at(end) });
  }
}

function commentsOf(original: string, text: string, positions: TextPositions): SqlComment[] {
  const comments: SqlComment[] = [];
  for (const lexeme of lexemes(text)) {
    if (lexeme.kind !== 'comment') continue;
    comments.push({
      text: original.slice(lexeme.start, lexeme.end),
      start: positions.at(lexeme.start),
      end: positions.at(lexeme.end),
    });
  }
  return comments;
}

function endsOpen(text: string, piece: Piece): boolean {
  let last: Piece | null = piece;
  while (last && last.closed) last = last.next < text.length ? nextPiece(text, last.next) : null;
  return last !== null;
}

/** The token the parser stumbled over, in UTF-16 offsets of the text it was given. */
function errorPlace(text: string, error: unknown): { start: number; end: number } {
  const details = (error as { sqlDetails?: { cursorPosition?: number } }).sqlDetails;
  const cursor = details?.cursorPosition ?? -1;
  if (cursor < 0) return { start: 0, end: text.length };
  const start = new TextPositions(text).fromCodePoints(cursor);
  const token = /^(?:[\p{L}_][\p{L}\p{N}_$]*|\d+|\S)/u.exec(text.slice(start));
  return { start, end: start + (token?.[0].length ?? 0) };
}
