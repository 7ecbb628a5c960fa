/** Plain text as Markdown that shows exactly that text, on one line, wherever a line may begin or end. */
export function markdownText(text: string): string {
  return escapeLineEnd(escapeLineStart(escapeInline(oneLine(text))));
}

/** Plain text as one cell of a Markdown table: pipes escaped, line breaks as `<br>`. */
export function markdownCell(text: string): string {
  const lines = shown(text).trim().split(lineBreak);
  const cell = lines.map((line) => escapeInline(line.trim()).replaceAll('|', '\\|')).join('<br>');
  return cell === '' ? '–' : cell;
}

/**
 * Text as inline code, on one line, between as many backticks as it needs. In a table pipes are escaped even
 * inside code: https://github.github.com/gfm/#tables-extension-
 */
export function markdownInlineCode(text: string, inTable: boolean): string {
  const line = oneLine(text);
  if (line === '') return inTable ? '–' : '';
  const fence = '`'.repeat(longestRun(line) + 1);
  const padded = line.startsWith('`') || line.endsWith('`') ? ` ${line} ` : line;
  return fence + (inTable ? padded.replaceAll('|', '\\|') : padded) + fence;
}

/** Text as a fenced block whose fence is longer than any run of backticks in it. */
export function markdownFence(text: string, language: string): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${language}\n${shown(text)
    .replace(/\r\n|\r/g, '\n')
    .replace(/\n+$/, '')}\n${fence}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map((match) => match[0].length));
}

const lineBreak = /[^\S\r\n]*(?:\r\n|\r|\n)[^\S\r\n]*/;

/** Zero bytes are shown as the mark that Markdown puts in their place. */
function shown(text: string): string {
  return text.replaceAll('\0', '\uFFFD');
}

function oneLine(text: string): string {
  return shown(text)
    .trim()
    .replace(/\s*[\r\n]+\s*/g, ' ');
}

/**
 * Underscores inside words mean nothing in Markdown and stay readable; `~` strikes through and `$` begins a formula
 * in some readers.
 */
function escapeInline(text: string): string {
  return text
    .replace(/[\\`*[\]~$]/g, '\\$&')
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_')
    .replace(/&(?=#?\w+;)/g, '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

/** Lists, headings, rules, underlines of headings and of tables begin a line. */
function escapeLineStart(text: string): string {
  return text
    .replace(/^(#|[-+=](?=\s|$)|[-=:|](?=[-=:|\s]*$))/, '\\$1')
    .replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2');
}

/** `# Title #` would lose its last sign. */
function escapeLineEnd(text: string): string {
  return text.replace(/(?<=\s)#+$/, '\\$&');
}
