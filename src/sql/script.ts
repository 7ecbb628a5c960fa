import { errorText } from '../messages/error';
import { t } from '../messages/translate';
import { blank, fillGaps, gapOf, type Gap } from './fill-placeholders';
import { cursorOf, errorPlace } from './parse-error';
import { covered, placeholdersIn, placeholdersWithin, type Placeholder } from './placeholder';
import { TextPositions } from './positions';
import { readPsqlCommand, substituted } from './psql-command';
import { readRoutineBody, type ParsePlPgSql } from './routine-body';
import { endsOpen, nextPiece, type Piece } from './split';
import type { ParsedSql, RoutineBody, SqlComment, SqlProblem, Statement } from './statement';
import { convertPlaces, kindOf } from './tree';
import { commentsOf, trimmed } from './script-comments';
import { filledSource, sourceOf, type Raw, type Source } from './script-source';

export interface ScriptParsers {
  raw(text: string): Raw[];
  plPgSql: ParsePlPgSql;
}

/** How often a script with an open quote is tried again from the next statement. */
const maximumResumptions = 50;
/** Placeholders in one statement; files with more are no migrations. */
const maximumGaps = 200;

/** Parses a whole script: at once where PostgreSQL accepts it, else statement by statement. */
export function parseScript(original: string, parsers: ScriptParsers): ParsedSql {
  const text = readable(original);
  const script = new Script(original, text, parsers);
  // C strings end at NUL, so text behind one would silently be lost.
  if (text.includes('\0') || !script.parseWhole()) script.parsePieces();
  return script.result();
}

/** The same text for the parser: no byte order mark, no half surrogate pairs; every offset stays. */
function readable(text: string): string {
  const marked = text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text;
  // Most texts have no half of a pair, and none that stands alone.
  return /[\ud800-\udfff]/.test(marked) ? marked.replace(/\p{Surrogate}/gu, '\uFFFD') : marked;
}

class Script {
  private readonly statements: Statement[] = [];
  private readonly problems: SqlProblem[] = [];
  private comments: SqlComment[];
  private readonly positions: TextPositions;
  private readonly variables = new Map<string, string | null>();
  private placeholders: Placeholder[] = [];
  private resumptions = 0;
  private conditions = 0;
  private ended = false;
  /** Whether the text ends inside a quote, as it is cut into statements now; null when that was not looked at. */
  private endsOpen: boolean | null = null;
  private onlyForTools: SqlProblem | null = null;
  /** The text with every placeholder covered, for finding where statements end. */
  private covered: string;

  constructor(
    private readonly original: string,
    private text: string,
    private readonly parsers: ScriptParsers,
  ) {
    this.positions = new TextPositions(text);
    this.covered = text;
    this.comments = commentsOf(original, text, this.positions);
  }

  result(): ParsedSql {
    const { statements, problems, comments, onlyForTools } = this;
    problems.sort((a, b) => a.start.offset - b.start.offset);
    return { statements, problems, comments, onlyForTools };
  }

  /** False when the parser refuses the text. */
  parseWhole(): boolean {
    const source = sourceOf(this.text, this.positions, 0, this.text.length);
    let raws: Raw[];
    try {
      raws = this.parsers.raw(this.text);
    } catch {
      return false;
    }
    for (const raw of raws) this.add(raw, source);
    return true;
  }

  parsePieces(): void {
    this.coverPlaceholders();
    for (let from = 0; from < this.text.length && !this.ended;) {
      const piece = nextPiece(this.covered, from);
      if (!piece) return;
      from = this.parsePiece(piece);
    }
  }

  /** Control tags of templates stand for nothing; quotes and semicolons inside the others open and end nothing. */
  private coverPlaceholders(): void {
    this.placeholders = placeholdersIn(this.text);
    if (this.placeholders.length === 0) return;
    const controls = this.placeholders.filter((each) => each.kind === 'control');
    if (controls.length > 0) {
      const [first] = controls;
      this.text = blank(this.text, controls);
      this.problem(
        'not-analysed',
        t(
          'The migration tool decides at {0} which part it runs. All parts were analysed, as if each of them ran.',
          first!.text,
        ),
        first!.start,
        first!.end,
      );
    }
    this.covered = covered(this.text, this.placeholders);
    this.comments = commentsOf(this.original, this.covered, this.positions);
  }

  /** Where to go on. */
  private parsePiece(piece: Piece): number {
    if (piece.kind === 'psql-command') {
      this.command(piece.start, piece.end);
      return piece.next;
    }
    const slice = blank(
      this.text.slice(piece.start, piece.end),
      piece.commands.map(({ start, end }) => ({ start: start - piece.start, end: end - piece.start })),
    );
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
      const raws = this.parsers.raw(slice);
      const local = this.positions.isAscii ? this.positions : new TextPositions(slice);
      const source = sourceOf(slice, local, piece.start, piece.end);
      for (const raw of raws) this.add(raw, source);
    } catch (error) {
      if (!this.parseFilled(piece, slice)) return this.failed(piece, slice, error);
    }
    for (const { start, end } of piece.commands) this.command(start, end);
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

  private command(start: number, end: number): void {
    const command = readPsqlCommand(
      this.text.slice(start, end).trimEnd(),
      (name) => this.variables.get(name) ?? null,
    );
    this.toolsOnly(t('This is a command of psql, not SQL.'), start, end);
    if (command.note !== null) this.problem('not-analysed', command.note, start, end);
    if (command.sets) this.variables.set(command.sets.name, command.sets.value);
    this.conditions = Math.max(0, this.conditions + (command.depth ?? 0));
    if (command.quits && this.conditions === 0) this.ended = true;
  }

  /** Tries the statement with stand-ins for its placeholders, and with what psql variables were set to. */
  private parseFilled(piece: Piece, slice: string): boolean {
    const gaps = this.gapsIn(piece);
    if (gaps.length === 0 || gaps.length > maximumGaps) return false;
    const result = fillGaps(slice, gaps, (filled) => this.parsers.raw(filled), cursorOf);
    // Nothing but placeholders: they may be filled with any statement.
    if (!result || result.parsed.length === 0) return false;
    const source = filledSource(result.filled, piece, gaps);
    for (const raw of result.parsed) this.add(raw, source);
    const [first] = gaps;
    const place = { start: piece.start + first!.start, end: piece.start + first!.end };
    this.toolsOnly(t('The placeholder {0} is not filled in.', first!.text), place.start, place.end);
    return true;
  }

  private gapsIn(piece: Piece): Gap[] {
    return placeholdersWithin(this.placeholders, piece)
      .filter((each) => each.kind !== 'control')
      .map((each) => {
        const gap = gapOf(each);
        const value = each.kind === 'psql' ? this.variables.get(each.text.replace(/[:'"]/g, '')) : undefined;
        const moved = { ...gap, start: gap.start - piece.start, end: gap.end - piece.start };
        return value === undefined || value === null
          ? moved
          : { ...moved, value: substituted(each.text, value) };
      });
  }

  private failed(piece: Piece, slice: string, error: unknown): number {
    const [gap] = this.gapsIn(piece);
    if (gap) {
      this.problem(
        'not-analysed',
        t(
          'The placeholder {0} is filled in by the migration tool. This statement was not analysed; the others were.',
          gap.text,
        ),
        piece.start + gap.start,
        piece.start + gap.end,
      );
      return piece.next;
    }
    const place = errorPlace(slice, error);
    // A statement that psql goes on with behind a command may be one whose semicolon was forgotten.
    const [command] = piece.commands;
    const resume = command ? command.start : this.resumeAt(piece);
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
    if (this.resumptions >= maximumResumptions) return null;
    this.endsOpen ??= endsOpen(this.covered, piece);
    if (!this.endsOpen) return null;
    this.resumptions += 1;
    this.endsOpen = null;
    const match = /;[ \t]*(?:--[^\r\n]*)?(?=[\r\n])/.exec(this.text.slice(piece.start, piece.end));
    return match ? piece.start + match.index + match[0].length : null;
  }

  private add(raw: Raw, source: Source): void {
    const { positions } = source;
    if (!source.identical) convertPlaces(raw.stmt, (byte) => source.startOf(positions.fromBytes(byte)));
    const from = positions.fromBytes(raw.stmt_location ?? 0);
    // The parser gives no length to a last statement without a semicolon.
    const to = raw.stmt_len
      ? positions.fromBytes((raw.stmt_location ?? 0) + raw.stmt_len)
      : source.text.length;
    const last = raw.stmt_len ? source.endOf(to) : source.end;
    const range = trimmed(this.text, this.comments, source.startOf(from), last);
    const statement: Statement = {
      index: this.statements.length,
      kind: kindOf(raw.stmt),
      text: this.original.slice(range.start, range.end),
      start: this.positions.at(range.start),
      end: this.positions.at(range.end),
      node: raw.stmt,
    };
    if (source.placeholders.length > 0) statement.placeholders = source.placeholders;
    this.statements.push(
      statement.kind === 'DoStmt' || statement.kind === 'CreateFunctionStmt'
        ? this.withBody(statement, source.text.slice(from, to))
        : statement,
    );
  }

  /** The body is read when it is first asked for: most files with functions only create them. */
  private withBody(statement: Statement, parsedText: string): Statement {
    const { positions, text, parsers } = this;
    let body: RoutineBody | null | undefined;
    return {
      ...statement,
      get body() {
        body ??= readRoutineBody({ statement, parsedText, text, positions, parsers });
        return body;
      },
    };
  }

  private toolsOnly(message: string, start: number, end: number): void {
    if (this.onlyForTools && this.onlyForTools.start.offset <= start) return;
    const { positions } = this;
    this.onlyForTools = {
      kind: 'not-analysed',
      message,
      start: positions.at(start),
      end: positions.at(end),
    };
  }

  private problem(kind: SqlProblem['kind'], message: string, start: number, end: number): void {
    this.problems.push({ kind, message, start: this.positions.at(start), end: this.positions.at(end) });
  }
}
