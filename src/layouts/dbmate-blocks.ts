import { t } from '../messages/translate';
import type { Direction } from './layout';

export interface DbmateBlock {
  /** UTF-16 offsets of what follows the marker, its line end included. */
  start: number;
  end: number;
  /** `transaction:false` is not among the marker's options. */
  transactional: boolean;
}

// What Go calls white space and the start and end of a line, not what JavaScript does: a marker may span lines.
const marker = (direction: Direction): RegExp =>
  new RegExp(
    `(?<![^\\n])--[\\t\\n\\f\\r ]*migrate:${direction}(?:[\\t\\n\\f\\r ]*(?![^\\n])|[\\t\\n\\f\\r ]+[^\\t\\n\\f\\r ]+)`,
    'g',
  );

/** Whether the text has a marker of dbmate. */
export function hasDbmateMarker(text: string): boolean {
  return marker('up').test(text);
}

/**
 * The two blocks of a file, or why dbmate refuses it, as a sentence. Markers count wherever a line starts with one, in
 * strings and comments too: https://github.com/amacneil/dbmate/blob/main/pkg/dbmate/migration.go
 */
export function dbmateBlocks(text: string, file: string): Record<Direction, DbmateBlock> | string {
  const ups = [...text.matchAll(marker('up'))].map((match) => match.index);
  const downs = [...text.matchAll(marker('down'))].map((match) => match.index);
  const [up] = ups;
  const [down] = downs;
  if (up === undefined)
    return t('{0} has no line "-- migrate:up", which dbmate asks for. Add one above its SQL.', file);
  if (text.slice(0, up).split('\n').some(isCode))
    return t('{0} has SQL above "-- migrate:up", which dbmate refuses. Move it below.', file);
  if (ups.length > 1)
    return t(
      '{0} has "-- migrate:up" {1} times: dbmate records the version once for each and fails. Give each a file.',
      file,
      ups.length,
    );
  if (down === undefined)
    return t('{0} has no line "-- migrate:down", which dbmate asks for. Add one below its SQL.', file);
  if (downs.length > 1)
    return t('{0} has "-- migrate:down" {1} times, which dbmate refuses. Keep one.', file, downs.length);
  return { up: blockAt(text, up, down), down: blockAt(text, down, text.length) };
}

function isCode(line: string): boolean {
  return !/^[\t\f\r ]*(?:--|$)/.test(line);
}

function blockAt(text: string, at: number, end: number): DbmateBlock {
  // Of a marker that is cut into lines the rest is SQL to the server, which refuses it.
  const line = /^[^\n]*/.exec(text.slice(at, end))![0].replace(/\r$/, '');
  const options = line.replace(/^--[\t\f\r ]*migrate:(?:up|down)/, '').split(/[\t\f\r ]+/);
  const set = options.filter((option) => /^transaction:[^:]*$/.test(option)).at(-1);
  return { start: at + line.length, end, transactional: set !== 'transaction:false' };
}
