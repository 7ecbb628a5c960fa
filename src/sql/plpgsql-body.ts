import { errorText } from '../messages/error';
import { t } from '../messages/translate';
import type { BodyText, Placed } from './body-text';
import { addDynamic } from './dynamic-sql';
import { fillGaps, gapOf } from './fill-placeholders';
import { lexemes } from './lexer';
import { placeholdersIn } from './placeholder';
import { PlPgSqlPlaces, type ItemPlace } from './plpgsql-places';
import { plPgSqlItems, type PlPgSqlItem } from './plpgsql-items';
import type { ParsePlPgSql } from './routine-body';
import type { RoutineBody } from './statement';
import { tokens } from './tokens';

export interface RoutineHeader {
  /** The statement around its body's string constant. */
  before: string;
  after: string;
}

/** A PL/pgSQL body: its SQL statements, the expressions that may run something, and what EXECUTE runs. */
export function readPlPgSql(body: BodyText, header: RoutineHeader, parse: ParsePlPgSql): RoutineBody {
  const { literal } = body;
  const compile = (code: string) => {
    const tag = unusedTag(code);
    return parse(`${header.before} ${tag}${withoutRowTypes(code)}${tag} ${header.after}`);
  };
  let code: Placed = literal;
  let written: string[] = [];
  let trees;
  try {
    trees = compile(code.value);
  } catch (error) {
    const gaps = placeholdersIn(literal.value).map(gapOf);
    const filled = gaps.length > 0 ? fillAll(literal.value, gaps, compile) : null;
    if (!filled) {
      refused(body, error, compile);
      return body.result('plpgsql');
    }
    const { filled: map } = filled;
    trees = filled.parsed;
    written = gaps.map((gap) => gap.text);
    code = {
      value: map.text,
      startOf: (offset) => literal.startOf(map.startOf(offset)),
      endOf: (offset) => literal.endOf(map.endOf(offset)),
    };
  }
  const { items, commits, tooDeep } = plPgSqlItems(trees);
  const places = new PlPgSqlPlaces(code.value);
  const end = code.startOf(code.value.length);
  if (tooDeep) {
    body.problem('not-analysed', t('This body is nested too deeply to be analysed.'), code.startOf(0), end);
  }
  for (const item of items) addItem(body, code, item, places, written);
  return body.result('plpgsql', commits);
}

function fillAll<Parsed>(text: string, gaps: ReturnType<typeof gapOf>[], compile: (code: string) => Parsed) {
  return fillGaps(text, gaps, compile);
}

function addItem(
  body: BodyText,
  code: Placed,
  item: PlPgSqlItem,
  places: PlPgSqlPlaces,
  written: string[],
): void {
  const place = places.find(item);
  const line = places.line(item.line);
  // Without its exact place an item is put on its line; it is never left out.
  const range = place ?? line;
  const at = { start: code.startOf(range.start), end: code.endOf(range.end) };
  const { prefix, from } = item;
  const sql: Placed = {
    value: prefix + item.query.slice(from),
    startOf: (offset) => (place ? code.startOf(place.start + shift(offset, item, place)) : at.start),
    endOf: (offset) => (place ? code.endOf(place.start + shift(offset, item, place)) : at.end),
  };
  const how = { conditional: item.conditional, dynamic: 'no' } as const;
  if (item.dynamic) {
    addDynamic(body, sql, at, how);
    return;
  }
  try {
    body.add(sql, how, written);
  } catch (error) {
    body.problem(
      'not-analysed',
      t('This could not be analysed: {0}. The rest of the body was.', errorText(error)),
      at.start,
      at.end,
    );
  }
}

/** From a place in the statement that is parsed to one behind the start of its text in the body. */
function shift(offset: number, { kind, prefix, from }: PlPgSqlItem, place: ItemPlace): number {
  if (kind === 'perform') return offset < 'SELECT'.length ? 0 : offset + place.skip;
  return Math.max(0, offset - prefix.length + from);
}

/** The parser knows no tables, so `%ROWTYPE` variables would not be records to it. */
function withoutRowTypes(code: string): string {
  if (!/%\s*rowtype/i.test(code)) return code;
  return [...lexemes(code)]
    .map(({ kind, start, end }) => {
      const text = code.slice(start, end);
      return kind === 'code' ? text.replace(/%\s*rowtype\b/gi, (all) => all.replace(/\S/g, ' ')) : text;
    })
    .join('');
}

function unusedTag(code: string): string {
  let tag = '$body$';
  for (let number = 0; code.includes(tag.slice(0, -1)); number++) tag = `$body${number}$`;
  return tag;
}

/** What PostgreSQL itself would refuse when it compiles the body; everything else may be the parser's missing catalog. */
const certain =
  /^(?:syntax error|unterminated|missing |incomplete data type|mismatched|unexpected end|end label|too (?:many|few) parameters|EXIT cannot|CONTINUE cannot|unrecognized exception condition)/;

function refused(body: BodyText, error: unknown, compile: (code: string) => unknown): void {
  const { literal } = body;
  const message = errorText(error);
  const { start, end } = errorPlace(literal.value, message, compile);
  if (certain.test(message)) {
    body.syntaxError(error, literal.startOf(start), literal.endOf(end));
    return;
  }
  body.problem(
    'not-analysed',
    t('This body was not analysed: {0}.', message),
    literal.startOf(start),
    literal.endOf(end),
  );
}

/**
 * The compiler names the token it stumbled over, not its place. The body cut off behind each semicolon fails the same
 * way from the statement on that is wrong: that one is found by halving.
 */
function errorPlace(
  code: string,
  message: string,
  compile: (code: string) => unknown,
): { start: number; end: number } {
  const ends = [...tokens(code)].filter((token) => token.text === ';').map((token) => token.end);
  const stops = [...ends, code.length];
  const failsThere = (stop: number): boolean => {
    try {
      compile(code.slice(0, stop));
      return false;
    } catch (error) {
      return errorText(error) === message;
    }
  };
  let low = 0;
  let high = stops.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (failsThere(stops[middle]!)) high = middle;
    else low = middle + 1;
  }
  const from = low === 0 ? 0 : stops[low - 1]!;
  const name = /(?:at or near )?"([^]+?)"/.exec(message)?.[1];
  const inside = [...tokens(code.slice(0, stops[low]), from)];
  const token =
    inside.find((each) => each.text === name) ?? inside.find((each) => name?.startsWith(each.text));
  const first = token ?? inside[0];
  if (!first) return { start: from, end: stops[low]! };
  return { start: first.start, end: token ? token.end : inside.at(-1)!.end };
}
