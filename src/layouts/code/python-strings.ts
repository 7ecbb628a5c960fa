import type { EmbeddedSql } from './embedded-sql';
import {
  assignment,
  callOf,
  childrenOf,
  pythonText,
  type PythonNode,
  type PythonProgram,
} from './python-tree';
import { besides, sqlOfPieces, standIn, type StringPiece } from './string-pieces';

/**
 * The SQL that an argument says: a string of any prefix, several put together, one that values are put into, or a
 * name for one of these. Null where it is nothing of these.
 */
export function sqlOfArgument(
  program: PythonProgram,
  argument: PythonNode,
  read?: (sql: string) => string,
): EmbeddedSql | null {
  const said = saidBy(program, argument, new Set());
  if (!said) return null;
  const formatted = (sql: string): string => withoutFormats(sql, said.format);
  return sqlOfPieces(program.source, said.pieces, (sql) => (read ? read(formatted(sql)) : formatted(sql)));
}

interface Said {
  pieces: StringPiece[];
  /** How values are put in afterwards: `% (...)` or `.format(...)`. */
  format: '%' | '{' | null;
}

function saidBy(program: PythonProgram, node: PythonNode, seen: Set<number>): Said | null {
  switch (node.name) {
    case 'String':
    case 'FormatString': {
      const pieces = piecesOf(program.source, node);
      return pieces && { pieces, format: null };
    }
    case 'ContinuedString':
      return joined(childrenOf(node).map((child) => saidBy(program, child, seen)));
    case 'ParenthesizedExpression':
      return inner(program, node, seen);
    case 'BinaryExpression':
      return combined(program, node, seen);
    case 'VariableName': {
      const value = valueOf(program, node);
      return value && !seen.has(value.from) ? saidBy(program, value, seen.add(value.from)) : null;
    }
    case 'CallExpression':
      return calledOn(program, node, seen);
    default:
      return null;
  }
}

function inner(program: PythonProgram, node: PythonNode, seen: Set<number>): Said | null {
  const child = childrenOf(node).find(({ name }) => name !== '(' && name !== ')');
  return child ? saidBy(program, child, seen) : null;
}

/** `text(...)`, `dedent(...)`, `"...".format(...)`, `"...".strip()`, `text(...).bindparams(...)`. */
function calledOn(program: PythonProgram, node: PythonNode, seen: Set<number>): Said | null {
  const callee = node.firstChild;
  const call = callOf(program.source, node);
  const on = callee?.name === 'MemberExpression' ? callee.firstChild : null;
  const said = on && on.name !== 'VariableName' ? saidBy(program, on, seen) : null;
  if (said) return call?.name === 'format' ? { ...said, format: '{' } : said;
  const ofName = on && call && ['format', 'strip'].includes(call.name) ? saidBy(program, on, seen) : null;
  if (ofName) return call?.name === 'format' ? { ...ofName, format: '{' } : ofName;
  const [first] = call?.positional ?? [];
  return first ? saidBy(program, first, seen) : null;
}

function combined(program: PythonProgram, node: PythonNode, seen: Set<number>): Said | null {
  const [left, sign, right] = childrenOf(node);
  if (!left || !sign || !right) return null;
  const operator = pythonText(program.source, sign);
  if (operator === '%') {
    const said = saidBy(program, left, seen);
    return said && { ...said, format: '%' };
  }
  if (operator !== '+') return null;
  const said = ownSaid(program, left, seen);
  const other = ownSaid(program, right, seen);
  return said || other ? joined([said ?? valueSaid(left), other ?? valueSaid(right)]) : null;
}

/** What is written in the node itself: what a name stands for is elsewhere, and is a value here. */
function ownSaid(program: PythonProgram, node: PythonNode, seen: Set<number>): Said | null {
  const said = saidBy(program, node, new Set(seen));
  return said?.pieces.every(({ start }) => start >= node.from) ? said : null;
}

function valueSaid({ from, to }: PythonNode): Said {
  return { pieces: [{ kind: 'value', start: from, end: to }], format: null };
}

function joined(parts: readonly (Said | null)[]): Said | null {
  if (parts.includes(null)) return null;
  const all = parts as Said[];
  return {
    pieces: all.reduce<StringPiece[]>((before, { pieces }) => besides(before, pieces), []),
    format: all.find(({ format }) => format !== null)?.format ?? null,
  };
}

/** What a name was given: in the function around it, else in the module. */
function valueOf({ source, names }: PythonProgram, name: PythonNode): PythonNode | null {
  const text = pythonText(source, name);
  const within = (node: PythonNode): PythonNode | null => {
    const given = assignment(source, node);
    if (given?.name === text) return given.value;
    for (const child of childrenOf(node)) {
      const found = within(child);
      if (found) return found;
    }
    return null;
  };
  for (let node = name.parent; node; node = node.parent) {
    const found = node.name === 'FunctionDefinition' ? within(node) : null;
    if (found) return found;
  }
  return names.get(text) ?? null;
}

const literal = /^([A-Za-z]{0,2})("""|'''|"|')/;

/** https://docs.python.org/3/reference/lexical_analysis.html#string-and-bytes-literals; null for bytes. */
function piecesOf(source: string, node: PythonNode): StringPiece[] | null {
  const match = literal.exec(pythonText(source, node));
  if (!match || /b/i.test(match[1]!)) return null;
  const kind = /r/i.test(match[1]!) ? 'raw' : 'escaped';
  const pieces: StringPiece[] = [];
  let place = node.from + match[0].length;
  for (const value of childrenOf(node).filter(({ name }) => name === 'FormatReplacement')) {
    pieces.push({ kind, start: place, end: value.from });
    pieces.push({ kind: 'value', start: value.from, end: value.to });
    place = value.to;
  }
  pieces.push({ kind, start: place, end: Math.max(place, node.to - match[2]!.length) });
  return pieces;
}

/** Places of values as their stand-ins; a doubled sign is one. */
function withoutFormats(sql: string, format: Said['format']): string {
  if (format === null) return sql;
  const places = format === '%' ? /%%|%(?:\(\w+\))?[sdr]/g : /\{\{|\}\}|\{[^{}\r\n]*\}/g;
  const doubled = format === '%' ? ['%%'] : ['{{', '}}'];
  return sql.replace(places, (place) => (doubled.includes(place) ? `${place[0]!} ` : standIn(place)));
}
