/** How a folder numbers its migrations. */
export type Numbering = { by: 'sequence'; width: number } | { by: 'time'; unit: 'utc' | 'seconds' };

/** Compares texts by their code units: negative when `a` comes first. */
export function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Compares versions written in digits, of any length: negative when `a` comes first. */
export function compareVersions(a: string, b: string): number {
  if (a.length === b.length) return compareTexts(a, b);
  const left = BigInt(a);
  const right = BigInt(b);
  if (left !== right) return left < right ? -1 : 1;
  return compareTexts(a, b);
}

/** The numbering of versions as they are written; a sequence of `defaultWidth` digits for an empty folder. */
export function numberingOf(written: readonly string[], defaultWidth: number): Numbering {
  const last = lastOf(written);
  if (last === undefined) return { by: 'sequence', width: defaultWidth };
  if (/^(19|20)\d{2}(0[1-9]|1[0-2])([0-2]\d|3[01])\d{6}$/.test(last)) return { by: 'time', unit: 'utc' };
  if (/^1\d{9}$/.test(last)) return { by: 'time', unit: 'seconds' };
  const padded = last.startsWith('0') || written.every((version) => version.length === last.length);
  return { by: 'sequence', width: padded ? last.length : 1 };
}

function lastOf(written: readonly string[]): string | undefined {
  return written.reduce<string | undefined>(
    (last, version) => (last === undefined || compareVersions(version, last) >= 0 ? version : last),
    undefined,
  );
}

/** The next version after all of `written`, in the folder's own style. A time already taken is counted up. */
export function nextVersion(written: readonly string[], now: Date, defaultWidth: number): string {
  const numbering = numberingOf(written, defaultWidth);
  const highest = BigInt(lastOf(written) ?? 0);
  if (numbering.by === 'sequence') return String(highest + 1n).padStart(numbering.width, '0');
  return numbering.unit === 'utc'
    ? nextTime(highest, now)
    : String(laterOf(highest, Math.floor(now.getTime() / 1000)));
}

function nextTime(highest: bigint, now: Date): string {
  const stamp = utcStamp(now);
  if (BigInt(stamp) > highest) return stamp;
  const digits = String(highest);
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(digits);
  if (!parts) return String(highest + 1n);
  const [year, month, day, hour, minute, second] = parts.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const next = utcStamp(new Date(Date.UTC(year, month - 1, day, hour, minute, second) + 1000));
  // A stamp that is no date (second 75) would count backwards.
  return BigInt(next) > highest ? next : String(highest + 1n);
}

function laterOf(highest: bigint, seconds: number): bigint {
  return BigInt(seconds) > highest ? BigInt(seconds) : highest + 1n;
}

/** `yyyymmddhhmmss` in UTC. */
export function utcStamp(time: Date): string {
  return time.toISOString().replace(/\D/g, '').slice(0, 14);
}

/** Words as a file name's middle part: lower-case letters and digits of any script joined by underscores. */
export function fileWords(name: string): string {
  const words = name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '');
  return [...words].slice(0, 80).join('') || 'migration';
}
