/** C0 and C1 controls, and what turns or breaks lines unseen: https://unicode.org/reports/tr9/#Directional_Formatting_Characters */
const unseen =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;
/** Also line ends and tabs. */

const unseenInLine = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/**
 * A text that a terminal shows as it is: characters that command a terminal or turn the direction of writing are
 * spelled out as `\u001b`, in JSON too. `kept` are the commands that may stay.
 */
export function printable(text: string, kept?: RegExp): string {
  const lines = text.replaceAll('\r\n', '\n');
  if (!kept) return lines.replace(unseen, spelled);
  const parts = lines.split(new RegExp(`(${kept.source})`));
  return parts.map((part, index) => (index % 2 === 1 ? part : part.replace(unseen, spelled))).join('');
}

/** The same for what has to stay in one line: a name, a message. */
export function printableLine(text: string): string {
  return text.replace(unseenInLine, spelled);
}

function spelled(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
