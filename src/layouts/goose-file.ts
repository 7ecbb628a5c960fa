import { lexemes } from '../sql/lexer';
import { t } from '../messages/translate';
import type { Direction } from './layout';

/** What goose reads in one direction of a file. */
export interface GooseFile {
  /** UTF-16 offsets of the direction's part: the up from the top of the file, the down from below its annotation. */
  part: { start: number; end: number } | null;
  /** `-- +goose NO TRANSACTION` is in the file, of either direction. */
  transactional: boolean;
  /** Environment variables that goose fills in (ENVSUB ON): none, in code alone, or in quotes too. */
  variables: 'none' | 'code' | 'quoted';
}

type State = 'start' | 'up' | 'up-statement' | 'down' | 'down-statement';

interface Reading {
  file: string;
  direction: Direction;
  state: State;
  /** What has no semicolon yet at the end of a line. */
  open: string;
  /** StatementEnd came with nothing before it: goose then leaves the next line of SQL out. */
  isSkipping: boolean;
  downAt: { start: number; end: number } | null;
  transactional: boolean;
  substituting: boolean;
  substituted: { start: number; end: number }[];
}

const names = ['up', 'down', 'statementbegin', 'statementend', 'no transaction', 'envsub on', 'envsub off'];
const marker = /^--[ \t-]*\+goose[ \t]*up[ \t]*\r?$/im;

/** Whether the text has the annotation that every SQL file of goose has. */
export function hasGooseMarker(text: string): boolean {
  return marker.test(text);
}

/**
 * One direction of a file line by line, or why goose refuses it, as a sentence. Annotations count in strings too:
 * https://github.com/pressly/goose/blob/main/internal/sqlparser/parser.go
 */
export function readGooseFile(text: string, file: string, direction: Direction): GooseFile | string {
  const reading: Reading = {
    file,
    direction,
    state: 'start',
    open: '',
    isSkipping: false,
    downAt: null,
    transactional: true,
    substituting: false,
    substituted: [],
  };
  let number = 0;
  for (let start = 0; start < text.length;) {
    const found = text.indexOf('\n', start);
    const end = found < 0 ? text.length : found + 1;
    number += 1;
    const line = text.slice(start, end).replace(/\r?\n?$/, '');
    const problem = readLine(reading, line, number, start, end);
    if (problem !== null) return problem;
    start = end;
  }
  const problem = problemAtEnd(reading);
  return problem ?? resultOf(reading, text);
}

function readLine(reading: Reading, line: string, number: number, start: number, end: number): string | null {
  const { file } = reading;
  if (line.trimStart().startsWith('--') && line.includes('+goose')) {
    const name = line.replaceAll('--', '').replace('+goose', '').trim().toLowerCase();
    if (/^[ \t]/.test(line) || !names.includes(name))
      return t('{0}, line {1}: goose knows no annotation "{2}". Correct it.', file, number, line);
    if (name === 'down' && reading.open.trim() !== '') return unfinished(file);
    if (!takeAnnotation(reading, name, start, end))
      return t(
        '{0}, line {1}: "{2}" cannot stand here, and goose refuses the file. Move it.',
        file,
        number,
        line,
      );
    return null;
  }
  if (reading.open === '' && (line.trimStart().startsWith('--') || line === '')) return null;
  if (reading.state === 'start') {
    if (line.trim() === '') return null;
    return t(
      '{0}, line {1}: there is SQL above "-- +goose Up", which goose refuses. Move it below.',
      file,
      number,
    );
  }
  if (!reading.state.startsWith(reading.direction)) return null;
  if (reading.isSkipping)
    return t(
      '{0}, line {1}: nothing stands between StatementBegin and StatementEnd above, and goose leaves this line out then. Remove both.',
      file,
      number,
    );
  if (reading.substituting) reading.substituted.push({ start, end });
  reading.open += `${line}\n`;
  if (reading.state === reading.direction && endsWithSemicolon(line)) reading.open = '';
  return null;
}

/** False where it may not stand. */
function takeAnnotation(reading: Reading, name: string, start: number, end: number): boolean {
  const { state } = reading;
  switch (name) {
    case 'up':
      reading.state = 'up';
      return state === 'start';
    case 'down':
      reading.state = 'down';
      reading.downAt = { start, end };
      reading.isSkipping = false;
      return state === 'up';
    case 'statementbegin':
      reading.isSkipping = false;
      reading.state = state === 'up' ? 'up-statement' : 'down-statement';
      return state === 'up' || state === 'down';
    case 'statementend':
      reading.state = state === 'up-statement' ? 'up' : 'down';
      reading.isSkipping = state.startsWith(reading.direction) && reading.open === '';
      reading.open = '';
      return state === 'up-statement' || state === 'down-statement';
    case 'no transaction':
      reading.transactional = false;
      return true;
    default:
      reading.substituting = name === 'envsub on';
      return true;
  }
}

function problemAtEnd({ file, state, open }: Reading): string | null {
  if (state === 'start')
    return t('{0} has no line "-- +goose Up", which goose asks for. Add one above its SQL.', file);
  if (state.endsWith('statement'))
    return t('{0} has "-- +goose StatementBegin" without its end. Add "-- +goose StatementEnd".', file);
  if (open.trim() !== '') return unfinished(file);
  return null;
}

function unfinished(file: string): string {
  return t(
    '{0} has SQL without a semicolon at the end of its line at the end of a part, which goose refuses. Add one.',
    file,
  );
}

function resultOf(reading: Reading, text: string): GooseFile {
  const { direction, downAt, transactional, substituted } = reading;
  const part =
    direction === 'up'
      ? { start: 0, end: downAt?.start ?? text.length }
      : downAt && { start: downAt.end, end: text.length };
  return { part, transactional, variables: part ? variablesIn(text, part, substituted) : 'none' };
}

/** goose fills `$NAME` and `${NAME}` in, wherever they stand: https://github.com/mfridman/interpolate */
function variablesIn(
  text: string,
  part: { start: number; end: number },
  substituted: Reading['substituted'],
): GooseFile['variables'] {
  if (substituted.length === 0) return 'none';
  const all = (start: number, end: number): boolean =>
    substituted.some((range) =>
      /\$(?:\{|[A-Za-z_])/.test(text.slice(Math.max(start, range.start), Math.min(end, range.end))),
    );
  let found: GooseFile['variables'] = 'none';
  for (const { kind, start, end } of lexemes(text.slice(0, part.end), part.start)) {
    if (kind === 'comment' || !all(start, end)) continue;
    if (kind !== 'code') return 'quoted';
    found = 'code';
  }
  return found;
}

/** Where goose ends a statement: the last word before a comment ends in a semicolon. */
export function endsWithSemicolon(line: string): boolean {
  const words = line.split(/\s+/).filter((word) => word !== '');
  const comment = words.findIndex((word) => word.startsWith('--'));
  return (comment < 0 ? words : words.slice(0, comment)).at(-1)?.endsWith(';') ?? false;
}
