/** `text` without passwords: those in URLs, in settings, in JSON and behind SQL's PASSWORD become ***. */
export function redact(text: string): string {
  return withoutValues(text.replace(/\S+/g, withoutCredentials));
}

/** `scheme://user:password@`: the password goes to the last @, as one in it need not be written as %40. */
function withoutCredentials(word: string): string {
  const end = word.lastIndexOf('@');
  const head = end < 0 ? null : /:\/\/[^:/]*:/.exec(word.slice(0, end));
  return head ? `${word.slice(0, head.index + head[0].length)}***${word.slice(end)}` : word;
}

/** What is called a password, in quotes or not, and the sign that gives it a value; without a sign it may be SQL. */
const key = /passw(?:or)?d(\\*(["'`]?)\s*(?:(?::=|=>)(?=\s*["'$])|[=:]))?/gi;

/** How a value may be written: as a string with or without backslashes, or between dollars. What nothing closes goes to the end. */
const literals = [
  /(?:e|n|u&)?'(?:[^']|'')*(?:'|$)/iy,
  /(?:e|n|u&)?'(?:[^'\\]|\\[^]?|'')*(?:'|$)/iy,
  /\$([^\s$']*)\$[^]*?(?:\$\1\$|$)/y,
];
const values = [...literals, /"(?:[^"\\]|\\[^]?|"")*(?:"|$)/y, /(?:\\[^]|\S)+/y];

function withoutValues(text: string): string {
  const parts: string[] = [];
  let hidden = 0;
  // Behind each word anew, also inside of what was taken for a value: which quotes belong together is not known here.
  for (const match of text.matchAll(key)) {
    const { start, end } = valueOf(text, match);
    if (end > start && end > hidden) {
      if (start > hidden || parts.length === 0) parts.push(text.slice(hidden, start), '***');
      hidden = end;
    }
    if (hidden === text.length) break;
  }
  return [...parts, text.slice(hidden)].join('');
}

/** The longest of what may be the value behind a word. */
function valueOf(text: string, match: RegExpExecArray): { start: number; end: number } {
  const [whole, sign, quote] = match;
  const before = text.slice(Math.max(0, match.index - 60), match.index);
  // In PASSWORD'=' the quote opens the value, in 'password'='x' it closes the word.
  const isSetting = sign !== undefined && (!quote || new RegExp(`${quote}[\\w.-]*$`).test(before));
  const from = match.index + (isSetting ? whole : whole.slice(0, whole.length - (sign ?? '').length)).length;
  let start = from;
  while (/\s/.test(text[start] ?? '')) start += 1;
  const ends = (isSetting ? values : literals).map((way) => endOf(way, text, start));
  return { start, end: Math.max(...ends) };
}

/** Where what is written this way at a place ends; the place itself where nothing is. */
function endOf(way: RegExp, text: string, start: number): number {
  way.lastIndex = start;
  return way.test(text) ? way.lastIndex : start;
}
