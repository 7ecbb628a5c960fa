/**
 * What a string of JavaScript, Python or Ruby says, just as long as it is written: an escape sequence becomes its
 * character and blanks. Line ends that are escapes become blanks, and end a comment of SQL all the same.
 */
export function stringText(written: string): string {
  if (!written.includes('\\')) return written;
  const parts: string[] = [];
  const open = new Map<string, boolean>();
  let from = 0;
  for (const { index, 0: sequence, 1: escaped } of written.matchAll(escapes)) {
    parts.push(written.slice(from, index));
    from = index + sequence.length;
    if (escaped === 'n' || escaped === 'r') endComment(parts);
    parts.push(escapedText(sequence, escaped!, open));
  }
  parts.push(written.slice(from));
  return parts.join('');
}

/** https://262.ecma-international.org/#prod-EscapeSequence; Python and Ruby write these alike. */
const escapes = /\\(u\{[0-9a-fA-F]{1,6}\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|\r\n|[\s\S])/g;
const blanks = new Set(['n', 'r', 't', 'v', 'f', 'b', '0']);

function escapedText(sequence: string, escaped: string, open: Map<string, boolean>): string {
  if (blanks.has(escaped)) return '  ';
  if (/^[\r\n]/.test(escaped)) return ` ${escaped}`;
  const code = /^[ux]\{?([0-9a-fA-F]{2,6})\}?$/.exec(escaped);
  if (code) return String.fromCodePoint(Number.parseInt(code[1]!, 16)).padEnd(sequence.length);
  if (escaped !== "'" && escaped !== '"') return `${escaped} `;
  // The blank goes outside of what the quotes hold.
  const isClosing = open.get(escaped) ?? false;
  open.set(escaped, !isClosing);
  return isClosing ? `${escaped} ` : ` ${escaped}`;
}

/** A comment that an escaped line end would close is left out: the blank there would not close it. */
function endComment(parts: string[]): void {
  const text = parts.join('');
  const line = text.slice(text.lastIndexOf('\n') + 1);
  const comment = /(^|\s)--/.exec(line);
  if (!comment) return;
  const kept = text.length - line.length + comment.index;
  parts.length = 0;
  parts.push(text.slice(0, kept), ' '.repeat(text.length - kept));
}
