import { compareTexts, nextVersion } from './versions';

/** Of the tool: names of one number are put in order with these, their extension included. */
const wordOrder = {
  usage: 'sort',
  numeric: true,
  sensitivity: 'variant',
  ignorePunctuation: true,
} as const;

/**
 * Puts file names without extension in the order node-pg-migrate runs them: by the number they begin with, 17 digits
 * of which are a time in UTC, then by their words. Where the tool sees no difference the code points decide.
 */
export function sortNames<T extends { version: string }>(migrations: T[]): T[] {
  return migrations
    .map((migration) => ({ migration, version: migration.version, number: numberOf(migration.version) }))
    .sort(compareNumbered)
    .map(({ migration }) => migration);
}

/** As `sortNames`, of two names. */
export function compareNames(a: string, b: string): number {
  return compareNumbered({ version: a, number: numberOf(a) }, { version: b, number: numberOf(b) });
}

interface Numbered {
  version: string;
  number: number;
}

function compareNumbered(a: Numbered, b: Numbered): number {
  // A 17-digit number that is no time compares with nothing: NaN leaves it to the words, in the tool too.
  return a.number - b.number || compareWords(a.version, b.version);
}

function compareWords(a: string, b: string): number {
  return `${a}.sql`.localeCompare(`${b}.sql`, undefined, wordOrder) || compareTexts(a, b);
}

/** ms since 1970 of 17 digits, which are a time; else the number itself. */
function numberOf(name: string): number {
  const digits = digitsOf(name);
  if (digits.length !== 17) return digits === '' ? NaN : Number(digits);
  const [, date, hours, minutes, seconds, milliseconds] = /^(\d{8})(\d\d)(\d\d)(\d\d)(\d{3})$/.exec(digits)!;
  const day = date!.replace(/^(\d{4})(\d\d)/, '$1-$2-');
  return Date.parse(`${day}T${hours}:${minutes}:${seconds}.${milliseconds}Z`);
}

/** The digits a name begins with. */
function digitsOf(name: string): string {
  return /^\d+/.exec(name)?.[0] ?? '';
}

/**
 * The number of a new migration after all of `names`: ms since 1970 unless the last of the folder is a time in UTC or
 * an index. A time already taken is counted up by 1 ms.
 */
export function nextNumber(names: readonly string[], now: Date): string {
  const numbered = names.filter((name) => !Number.isNaN(numberOf(name)));
  const last = sortNames(numbered.map((version) => ({ version }))).at(-1)?.version;
  if (last === undefined) return String(now.getTime());
  const time = Math.max(now.getTime(), numberOf(last) + 1);
  switch (digitsOf(last).length) {
    case 13:
      return String(time);
    case 17:
      return new Date(time).toISOString().replace(/\D/g, '');
    default: {
      const written = numbered.map(digitsOf).filter((digits) => digits.length !== 17);
      return nextVersion(written, now, 4);
    }
  }
}
