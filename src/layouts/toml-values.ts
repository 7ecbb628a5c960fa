/**
 * The texts of a TOML file by their dotted names: a string is a list of one, an array of strings the list. Other values
 * are left out. https://toml.io/en/v1.0.0
 */
export function tomlTexts(text: string): Map<string, string[]> {
  const values = new Map<string, string[]>();
  let section = '';
  const lines = text.split(/\r?\n/);
  for (let index = 0; index < lines.length; index += 1) {
    const header = /^\s*\[{1,2}([^\]]+)\]{1,2}\s*(?:#.*)?$/.exec(lines[index]!);
    if (header) {
      section = `${bare(header[1]!)}.`;
      continue;
    }
    const pair = /^\s*((?:[\w-]+|"[^"]*")(?:\s*\.\s*(?:[\w-]+|"[^"]*"))*)\s*=(.*)$/s.exec(lines[index]!);
    if (!pair) continue;
    let value = pair[2]!.trimStart();
    // No text goes on in the next line: it is enough to look at each line once.
    let isOpen = value.startsWith('[') && !isClosed(value);
    while (isOpen && index + 1 < lines.length) {
      const line = lines[(index += 1)]!;
      value += `\n${line}`;
      isOpen = !isClosed(line);
    }
    if (/^["'[]/.test(value)) values.set(section + bare(pair[1]!), stringsIn(value));
  }
  return values;
}

/** A dotted name without its quotes and blanks. */
function bare(name: string): string {
  return name
    .trim()
    .replace(/"/g, '')
    .replace(/(?<!\s)\s*\.\s*/g, '.');
}

/** A text that nothing closes goes to the end of its line, so that its signs are not looked at again. */
const strings = /"((?:[^"\\\n]|\\.)*)("?)|'([^'\n]*)'|#[^\n]*/g;

function isClosed(value: string): boolean {
  return value.replace(strings, '').includes(']');
}

function stringsIn(value: string): string[] {
  const found: string[] = [];
  for (const match of value.matchAll(strings)) {
    if (match[2]) found.push(match[1]!.replace(/\\(.)/g, '$1'));
    else if (match[3] !== undefined) found.push(match[3]);
  }
  return found;
}
