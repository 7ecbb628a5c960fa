import { printableLine } from '../../messages/printable';

/** Words in lines of at most `width`, each after `indent`; a longer word has a line of its own. None commands a terminal. */
export function wrapped(text: string, width: number, indent: string): string[] {
  return linesOf(printedWords(text), width, indent);
}

/** The same of a line of usage: what stands in brackets stays together. */
export function wrappedUsage(usage: string, width: number, indent: string): string[] {
  return linesOf(usage.match(/\[(?:[^[\]]|\[[^\]]*\])*\]\S*|\S+/g) ?? [], width, indent);
}

function linesOf(words: readonly string[], width: number, indent: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    if (line !== '' && indent.length + line.length + 1 + word.length > width) {
      lines.push(indent + line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  if (line !== '') lines.push(indent + line);
  return lines;
}

function printedWords(text: string): string[] {
  return text
    .split(/\s+/)
    .filter((each) => each !== '')
    .map(printableLine);
}
