import type { Node } from '@pgsql/types';
import { BodyText } from './body-text';
import { fillGaps, gapOf } from './fill-placeholders';
import { cursorOf } from './parse-error';
import { placeholdersIn } from './placeholder';
import type { RoutineSource } from './routine-body';
import type { RoutineBody } from './statement';
import { tokens } from './tokens';
import { asKind } from './tree';

const always = { conditional: false, dynamic: 'no' } as const;

/** A body in language sql that is a string: its statements run one after the other. */
export function readSqlText(body: BodyText): RoutineBody {
  const { literal, source } = body;
  const end = literal.startOf(literal.value.length);
  try {
    body.add(literal, always);
  } catch (error) {
    const gaps = placeholdersIn(literal.value).map(gapOf);
    const cursor = cursorOf(error, literal.value);
    const filled = fillGaps(literal.value, gaps, (text) => source.parsers.raw(text), cursorOf);
    if (filled && gaps.length > 0) {
      const { filled: map } = filled;
      body.add(
        {
          value: map.text,
          startOf: (offset) => literal.startOf(map.startOf(offset)),
          endOf: (offset) => literal.endOf(map.endOf(offset)),
        },
        always,
        gaps.map((gap) => gap.text),
      );
    } else
      body.syntaxError(
        error,
        literal.startOf(cursor ?? 0),
        cursor === null ? end : literal.startOf(cursor + 1),
      );
  }
  return body.result('sql');
}

/** BEGIN ATOMIC ... END and RETURN: parsed with the statement, whose places they have. */
export function readAtomicBody(source: RoutineSource, sqlBody: object): RoutineBody {
  const { statement } = source;
  const { start, end } = statement;
  const body = new BodyText(source, {
    value: '',
    startOf: () => start.offset,
    endOf: () => end.offset,
    verbatim: true,
  });
  const returned = asKind(sqlBody, 'ReturnStmt')?.returnval;
  const nodes = returned ? [selectOf(returned)] : atomicStatements(sqlBody);
  const places = returned ? returnPlace(source) : atomicPlaces(source);
  nodes.forEach((node, index) => {
    const place = places.length === nodes.length ? places[index]! : { start: start.offset, end: end.offset };
    const value = asKind(node, 'ReturnStmt')?.returnval;
    body.part({ ...(value ? selectOf(value) : node) }, place.start, place.end, always);
  });
  return body.result('sql');
}

function atomicStatements(sqlBody: object): Node[] {
  return (asKind(sqlBody, 'List')?.items ?? []).flatMap((item) => asKind(item, 'List')?.items ?? [item]);
}

/** RETURN evaluates its expression as a query does. */
function selectOf(value: Node): Node {
  return {
    SelectStmt: {
      targetList: [{ ResTarget: { val: value } }],
      limitOption: 'LIMIT_OPTION_DEFAULT',
      op: 'SETOP_NONE',
    },
  };
}

interface Place {
  start: number;
  end: number;
}

/** Where the statements between ATOMIC and the last END stand. */
function atomicPlaces({ text, statement }: RoutineSource): Place[] {
  const places: Place[] = [];
  let inside = false;
  let depth = 0;
  let first = -1;
  let last = -1;
  const close = (): void => {
    if (first >= 0) places.push({ start: first, end: last });
    first = -1;
  };
  for (const token of tokens(text, statement.start.offset)) {
    if (token.start >= statement.end.offset) break;
    const word = token.kind === 'word' ? token.text.toLowerCase() : token.text;
    if (!inside) {
      inside = word === 'atomic';
      continue;
    }
    if (word === 'end' && depth === 0) break;
    if (word === 'case') depth += 1;
    if (word === 'end') depth -= 1;
    if (word === ';' && depth === 0) {
      close();
      continue;
    }
    if (first < 0) first = token.start;
    last = token.end;
  }
  close();
  return places;
}

function returnPlace({ text, statement }: RoutineSource): Place[] {
  const words = [...tokens(text.slice(0, statement.end.offset), statement.start.offset)];
  const returned = words.findLast((token) => token.kind === 'word' && /^return$/i.test(token.text));
  const value = words.find((token) => token.start > (returned?.start ?? Infinity));
  return value ? [{ start: value.start, end: statement.end.offset }] : [];
}
