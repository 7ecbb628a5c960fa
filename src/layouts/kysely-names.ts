import type { CodeNaming } from './code/script-migrations';
import type { Migration } from './layout';
import type { NewMigration } from './new-migration';
import { compareTexts, fileWords, nextVersion } from './versions';

/** Programs that lie beside migrations and are none; a name that begins with a dash could not be given to the tool. */
const besides = /^-|^index$|\.(?:test|spec|config|d)$/i;

/** The tool records the file's name without its ending, and sorts as JavaScript does (migration/migrator.js). */
export const kyselyNaming: CodeNaming = {
  layout: 'kysely',
  read: (stem) => (besides.test(stem) || stem === '' ? null : { version: stem, name: wordsOfName(stem) }),
  compare: compareTexts,
};

/** The words of a name, without the number or date that it begins with. */
export function wordsOfName(stem: string): string {
  return stem.replace(/^[\dTZ]+(?:[-_.][\dTZ]+)*[-_.]+(?=.)/, '');
}

/** A name behind all others, in the folder's own style: a time, a date, a number; ms since 1970 in an empty folder. */
export function newKyselyName({ name, now }: NewMigration, existing: readonly Migration[]): string {
  const words = fileWords(name);
  const last = existing.at(-1)?.version;
  if (last === undefined) return `${now.getTime()}_${words}`;
  const stem = `${numberAfter(last, existing, now)}${words}`;
  // What bears no number, or none that sorts as text does, is followed by a longer name.
  return compareTexts(stem, last) > 0 ? stem : `${last}_${words}`;
}

function numberAfter(last: string, existing: readonly Migration[], now: Date): string {
  const date = /^\d{4}([-_.]?)\d\d\1\d\d(?!\d)[\dTZ_.:-]*?([-_.]+)(?=[A-Za-z])/.exec(last);
  if (date) return `${now.toISOString().slice(0, 10).replaceAll('-', date[1]!)}${date[2]!}`;
  const [, digits, separator] = /^(\d+)([-_.]*)/.exec(last) ?? [];
  if (digits === undefined) return '';
  if (digits.length === 13) return `${Math.max(now.getTime(), Number(digits) + 1)}${separator!}`;
  const numbers = existing.flatMap(({ version }) => /^\d+/.exec(version)?.[0] ?? []);
  return `${nextVersion(numbers, now, digits.length)}${separator!}`;
}
