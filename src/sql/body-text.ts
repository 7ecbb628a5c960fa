import { errorText } from '../messages/error';
import { t } from '../messages/translate';
import { TextPositions } from './positions';
import type { RoutineSource } from './routine-body';
import type { RoutineBody, RoutinePart, SqlProblem, Statement } from './statement';
import { convertPlaces, kindOf } from './tree';

/** A stretch of text inside a script, and the way from its places to the script's. */
export interface Placed {
  value: string;
  startOf(offset: number): number;
  endOf(offset: number): number;
}

/** The text of one body while it is read: collects its parts and problems, with places in the script. */
export class BodyText {
  private readonly parts: RoutinePart[] = [];
  private readonly problems: SqlProblem[] = [];

  constructor(
    readonly source: RoutineSource,
    readonly literal: Placed & { verbatim: boolean },
  ) {}

  /** The statements of a text that is parsed here; throws the parser's error. */
  add(sql: Placed, how: Pick<RoutinePart, 'conditional' | 'dynamic'>, placeholders: string[] = []): void {
    const raws = this.source.parsers.raw(sql.value);
    const units = new TextPositions(sql.value);
    for (const raw of raws) {
      convertPlaces(raw.stmt, (byte) => sql.startOf(units.fromBytes(byte)));
      const from = units.fromBytes(raw.stmt_location ?? 0);
      const to = raw.stmt_len ? units.fromBytes((raw.stmt_location ?? 0) + raw.stmt_len) : sql.value.length;
      const leading = /^(?:\s|--[^\r\n]*|\/\*[^]*?\*\/)*/.exec(sql.value.slice(from, to))![0].length;
      const inner = sql.value.slice(from + leading, to).trimEnd();
      const start = sql.startOf(from + leading);
      this.part(raw.stmt, start, sql.endOf(from + leading + inner.length), how, placeholders);
    }
  }

  part(
    node: Statement['node'],
    start: number,
    end: number,
    how: Pick<RoutinePart, 'conditional' | 'dynamic'>,
    placeholders: string[] = [],
  ): void {
    const { text, positions, statement } = this.source;
    const inner: Statement = {
      index: statement.index,
      kind: kindOf(node),
      text: text.slice(start, end),
      start: positions.at(start),
      end: positions.at(Math.max(start, end)),
      node,
    };
    const written = [...new Set([...(statement.placeholders ?? []), ...placeholders])];
    if (written.length > 0) inner.placeholders = written;
    this.parts.push({ statement: inner, ...how });
  }

  /** `start` and `end` are the script's. */
  problem(kind: SqlProblem['kind'], message: string, start: number, end: number): void {
    const { positions } = this.source;
    this.problems.push({
      kind,
      message,
      start: positions.at(start),
      end: positions.at(Math.max(start, end)),
    });
  }

  syntaxError(error: unknown, start: number, end: number): void {
    this.problem(
      'syntax-error',
      t('PostgreSQL refuses the body: {0}. Correct it.', errorText(error)),
      start,
      end,
    );
  }

  result(language: string, commits = false): RoutineBody {
    this.parts.sort((a, b) => a.statement.start.offset - b.statement.start.offset);
    this.problems.sort((a, b) => a.start.offset - b.start.offset);
    return {
      language,
      parts: this.parts,
      problems: this.problems,
      verbatim: this.literal.verbatim,
      commits,
    };
  }
}
