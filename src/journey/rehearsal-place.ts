import type { Direction, Migration } from '../layouts/layout';
import type { MigrationRehearsal } from '../rehearse/rehearsal';
import { TextPositions } from '../sql/positions';
import { splitStatements, type Piece } from '../sql/split';
import { layoutOf, type MigrationFolder } from './migrations';
import type { JourneyContext } from './workspace';

/** A stretch of a file; lines and columns from 1, in UTF-16 units, the end exclusive. */
export interface RehearsalPlace {
  file: string;
  start: { line: number; column: number };
  end: { line: number; column: number };
}

/**
 * What to look at after a rehearsal: the statement that failed, the first of the down, or else of the up, that names what
 * differs, or the up's first where there is no such statement.
 */
export async function rehearsalPlace(
  context: JourneyContext,
  folder: MigrationFolder,
  rehearsal: MigrationRehearsal,
): Promise<RehearsalPlace | null> {
  const migration = folder.migrations.find(({ version }) => version === rehearsal.version);
  if (!migration) return null;
  const { failedAt, differences, verdict } = rehearsal;
  // What fails after a down that restores something else is a consequence of it.
  if (failedAt && verdict !== 'differs') {
    const { direction, offset } = failedAt;
    return placeIn(context, folder, migration, direction, (pieces) =>
      pieces.findLast(({ start }) => start <= offset),
    );
  }
  if (differences.length > 0) {
    for (const direction of ['down', 'up'] as const) {
      const named = await placeIn(context, folder, migration, direction, (pieces, sql) =>
        firstNaming(pieces, sql, rehearsal),
      );
      if (named) return named;
    }
  }
  return migrationPlace(context, folder, migration);
}

/** The first statement of a migration's up; the first line of its file where it has none. */
export async function migrationPlace(
  context: JourneyContext,
  folder: MigrationFolder,
  migration: Migration,
): Promise<RehearsalPlace> {
  const top = { line: 1, column: 1 };
  const first = await placeIn(context, folder, migration, 'up', (pieces) => pieces[0]);
  return first ?? { file: migration.upPath, start: top, end: top };
}

async function placeIn(
  context: JourneyContext,
  folder: MigrationFolder,
  migration: Migration,
  direction: Direction,
  choose: (pieces: readonly Piece[], sql: string) => Piece | undefined,
): Promise<RehearsalPlace | null> {
  const script = await layoutOf(folder).script(migration, direction, context.files);
  if (!script) return null;
  const pieces = splitStatements(script.sql).filter(({ kind }) => kind === 'statement');
  const piece = choose(pieces, script.sql);
  if (!piece) return null;
  const positions = new TextPositions(await context.files.read(script.path));
  const [start, end] = [positions.at(script.offset + piece.start), positions.at(script.offset + piece.end)];
  return {
    file: script.path,
    start: { line: start.line, column: start.column },
    end: { line: end.line, column: end.column },
  };
}

/** Of the statements of a script, the first that names an object that differs, and its part where one does. */
function firstNaming(
  pieces: readonly Piece[],
  sql: string,
  { differences }: MigrationRehearsal,
): Piece | undefined {
  const naming = (words: readonly string[]): Piece | undefined =>
    pieces.find(({ start, end }) => words.every((word) => names(sql.slice(start, end), word)));
  for (const { object, property } of differences.filter(({ kind }) => kind === 'structure')) {
    const part = /^(?:column|constraint|index|trigger|policy|rule|label) (\S+)/.exec(property)?.[1];
    const own = part ?? lastName(object);
    const found =
      (part && naming([lastName(object), part])) ??
      pieces.find(({ start, end }) => almostNames(sql.slice(start, end), own)) ??
      naming([lastName(object)]);
    if (found) return found;
  }
  return differences[0] ? naming([lastName(differences[0].object)]) : undefined;
}

/** `total` of `function public.total(integer)`, `user_email` of `index public.user_email`. */
function lastName(object: string): string {
  const name = object.replace(/\(.*$/s, '').replace(/^.*[ .](?=[^ .])/s, '');
  return name.replace(/^"(.*)"$/s, '$1');
}

/** Whether a word of a statement is a name but for a letter or two: behind IF EXISTS nobody is told of such a mistake. */
function almostNames(sql: string, name: string): boolean {
  const bare = name.replace(/^"(.*)"$/s, '$1').toLowerCase();
  const most = Math.min(2, Math.floor(bare.length / 4));
  const words = sql.toLowerCase().match(/[\p{L}\p{N}_$]+/gu) ?? [];
  return words.some((word) => word !== bare && lettersApart(word, bare, most) <= most);
}

/** How many letters must be added, left out or changed to make one of the other; more than `most` is any number above it. */
function lettersApart(one: string, other: string, most: number): number {
  if (Math.abs(one.length - other.length) > most) return most + 1;
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [at, letter] of [...one].entries()) {
    const next = [at + 1];
    for (let place = 1; place <= other.length; place++)
      next.push(
        Math.min(
          next[place - 1]! + 1,
          row[place]! + 1,
          row[place - 1]! + (letter === other[place - 1] ? 0 : 1),
        ),
      );
    row = next;
  }
  return row[other.length]!;
}

function names(sql: string, word: string): boolean {
  const bare = word.replace(/^"(.*)"$/s, '$1').replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\p{L}\\p{N}_$])${bare}(?![\\p{L}\\p{N}_$])`, 'iu').test(sql);
}
