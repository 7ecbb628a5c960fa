import type { Node } from '@pgsql/types';
import { errorText } from '../messages/error';
import { t } from '../messages/translate';
import type { BodyText, Placed } from './body-text';
import { fillGaps, type Gap, type StandIn } from './fill-placeholders';
import { quoteIdentifier } from './identifier';
import { lexemes } from './lexer';
import { readLiteral, type Literal } from './literal';
import { cursorOf } from './parse-error';
import { TextPositions } from './positions';
import type { RoutinePart } from './statement';
import { asKind, strings } from './tree';

/** `sql` is `SELECT` and the expression EXECUTE runs the value of; `at` is its place in the script. */
export function addDynamic(
  body: BodyText,
  sql: Placed,
  at: { start: number; end: number },
  how: Pick<RoutinePart, 'conditional'>,
): void {
  const composed = compose(body, sql);
  if (!composed) {
    body.problem(
      'not-analysed',
      t('What EXECUTE runs here is put together when it runs. It was not analysed.'),
      at.start,
      at.end,
    );
    return;
  }
  const { gaps } = composed;
  const open = gaps.filter((gap) => gap.value === undefined);
  try {
    const filled = fillGaps(composed.value, gaps, (text) => body.source.parsers.raw(text), cursorOf);
    if (!filled) {
      if (open.length === 0) body.source.parsers.raw(composed.value);
      throw new Error(t('with other names in it, it is no statement'));
    }
    const map = filled.filled;
    body.add(
      {
        value: map.text,
        startOf: (offset) => composed.startOf(map.startOf(offset)),
        endOf: (offset) => composed.endOf(map.endOf(offset)),
      },
      { ...how, dynamic: open.length === 0 ? 'constant' : 'composed' },
    );
  } catch (error) {
    body.problem(
      open.length === 0 && gaps.length === 0 ? 'syntax-error' : 'not-analysed',
      t('What EXECUTE runs here could not be analysed: {0}.', errorText(error)),
      at.start,
      at.end,
    );
  }
}

interface Composed extends Placed {
  gaps: Gap[];
}

function compose(body: BodyText, sql: Placed): Composed | null {
  const [raw] = body.source.parsers.raw(sql.value);
  const target = asKind(asKind(raw?.stmt, 'SelectStmt')?.targetList?.[0], 'ResTarget')?.val;
  const units = new TextPositions(sql.value);
  const pieces: Piece[] = [];
  if (!target || !flatten(target, sql, units, pieces, 0)) return null;
  return joined(pieces);
}

/** A stretch of the text that is run: as written, or a gap. */
type Piece =
  | { literal: Placed; from: number; to: number }
  | { gap: Omit<Gap, 'start' | 'end'>; at: number; end: number };

function flatten(node: Node, sql: Placed, units: TextPositions, pieces: Piece[], depth: number): boolean {
  if (depth > 100) return false;
  const cast = asKind(node, 'TypeCast')?.arg;
  if (cast) return flatten(cast, sql, units, pieces, depth + 1);
  const literal = constant(node, sql, units);
  if (literal) {
    pieces.push({ literal, from: 0, to: literal.value.length });
    return true;
  }
  const joins = asKind(node, 'A_Expr');
  if (joins && strings(joins.name).join() === '||' && joins.lexpr && joins.rexpr) {
    return (
      flatten(joins.lexpr, sql, units, pieces, depth + 1) &&
      flatten(joins.rexpr, sql, units, pieces, depth + 1)
    );
  }
  const call = asKind(node, 'FuncCall');
  const name = strings(call?.funcname).at(-1);
  if (call && name === 'format') return formatted(call.args ?? [], sql, units, pieces);
  if (depth === 0) return false;
  const place = sql.startOf(units.fromBytes(locationOf(node)));
  const standIns: StandIn[] =
    name === 'quote_ident'
      ? ['name']
      : name?.startsWith('quote_')
        ? ['string']
        : ['name', 'number', 'string', 'nothing'];
  pieces.push({ gap: { text: writtenName(node, name), standIns }, at: place, end: place });
  return true;
}

/** format() with a constant format: https://www.postgresql.org/docs/current/functions-string.html#FUNCTIONS-STRING-FORMAT */
function formatted(args: readonly Node[], sql: Placed, units: TextPositions, pieces: Piece[]): boolean {
  const literal = args[0] && constant(args[0], sql, units);
  if (!literal) return false;
  const pattern = /%(?:%|(?:(\d+)\$)?-?(?:\d+|\*(?:\d+\$)?)?([sIL]))/g;
  let taken = 0;
  let argument = 1;
  for (let match = pattern.exec(literal.value); match; match = pattern.exec(literal.value)) {
    pieces.push({ literal, from: taken, to: match.index });
    taken = pattern.lastIndex;
    const sign = { at: literal.startOf(match.index), end: literal.endOf(taken) };
    if (match[0] === '%%') {
      pieces.push({ gap: { text: '%', standIns: [], value: '%' }, ...sign });
      continue;
    }
    if (match[1]) argument = Number(match[1]);
    const node = args[argument];
    argument += 1;
    const known = node && constant(node, sql, units)?.value;
    const gap = { text: match[0], standIns: standInsOf(match[2]!) };
    pieces.push({ gap: known === undefined ? gap : { ...gap, value: filledIn(match[2]!, known) }, ...sign });
  }
  pieces.push({ literal, from: taken, to: literal.value.length });
  return true;
}

function standInsOf(kind: string): StandIn[] {
  if (kind === 'I') return ['name'];
  return kind === 'L' ? ['string'] : ['name', 'number', 'string', 'nothing'];
}

function filledIn(kind: string, value: string): string {
  if (kind === 'I') return quoteIdentifier(value);
  return kind === 'L' ? `'${value.replaceAll("'", "''")}'` : value;
}

/** A string constant of the expression, with its places in the script. */
function constant(node: Node, sql: Placed, units: TextPositions): Literal | undefined {
  const inner = asKind(node, 'TypeCast')?.arg ?? node;
  const value = asKind(inner, 'A_Const')?.sval?.sval;
  if (value === undefined) return undefined;
  const place = units.fromBytes(asKind(inner, 'A_Const')!.location ?? 0);
  for (const lexeme of lexemes(sql.value, place)) {
    if (lexeme.kind === 'code') continue;
    const literal = readLiteral(sql.value, lexeme);
    if (literal?.value !== value) return undefined;
    return {
      value,
      verbatim: literal.verbatim,
      startOf: (offset) => sql.startOf(literal.startOf(offset)),
      endOf: (offset) => sql.endOf(literal.endOf(offset)),
    };
  }
  return undefined;
}

function joined(pieces: readonly Piece[]): Composed {
  const stretches: {
    from: number;
    to: number;
    startOf(offset: number): number;
    endOf(offset: number): number;
  }[] = [];
  const gaps: Gap[] = [];
  let value = '';
  for (const piece of pieces) {
    const from = value.length;
    if ('gap' in piece) {
      value += piece.gap.text;
      gaps.push({ ...piece.gap, start: from, end: value.length });
      stretches.push({ from, to: value.length, startOf: () => piece.at, endOf: () => piece.end });
    } else {
      value += piece.literal.value.slice(piece.from, piece.to);
      const move = piece.from - from;
      stretches.push({
        from,
        to: value.length,
        startOf: (offset) => piece.literal.startOf(offset + move),
        endOf: (offset) => piece.literal.endOf(offset + move),
      });
    }
  }
  const last = stretches.at(-1)!;
  const startOf = (offset: number): number =>
    (stretches.find((each) => offset < each.to) ?? last).startOf(offset);
  const endOf = (offset: number): number =>
    (stretches.find((each) => offset <= each.to) ?? last).endOf(offset);
  return { value, gaps, startOf, endOf };
}

function locationOf(node: Node): number {
  for (const fields of Object.values(node as Record<string, { location?: number }>))
    return fields.location ?? 0;
  return 0;
}

/** How a part that is only known when it runs shows in names: as the column or function it comes from. */
function writtenName(node: Node, call: string | undefined): string {
  if (call) return `${call}()`;
  const fields = asKind(node, 'ColumnRef')?.fields;
  return fields ? `{${strings(fields).join('.')}}` : '{...}';
}
