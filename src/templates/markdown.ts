/** Plain text as Markdown that shows exactly that text, on one line. */
export function markdownText(text: string): string {
  return escapeLineStart(escapeInline(text.replace(/\s*[\r\n]+\s*/g, ' ')));
}

/** Plain text as one cell of a Markdown table: pipes escaped, line breaks as `<br>`. */
export function markdownCell(text: string): string {
  const lines = text.trim().split(/[ \t]*(?:\r\n|\r|\n)[ \t]*/);
  const cell = lines.map((line) => escapeInline(line).replaceAll('|', '\\|')).join('<br>');
  return cell === '' ? '–' : cell;
}

/**
 * Text as inline code, on one line, between as many backticks as it needs. In a table pipes are escaped even
 * inside code: https://github.github.com/gfm/#tables-extension-
 */
export function markdownInlineCode(text: string, inTable: boolean): string {
  const line = text.trim().replace(/\s*[\r\n]+\s*/g, ' ');
  if (line === '') return inTable ? '–' : '';
  const fence = '`'.repeat(longestRun(line) + 1);
  const padded = line.startsWith('`') || line.endsWith('`') ? ` ${line} ` : line;
  return fence + (inTable ? padded.replaceAll('|', '\\|') : padded) + fence;
}

/** Text as a fenced block whose fence is longer than any run of backticks in it. */
export function markdownFence(text: string, language: string): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${language}\n${text.replace(/\r\n|\r/g, '\n').replace(/\n+$/, '')}\n${fence}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map((match) => match[0].length));
}

/** Underscores inside words mean nothing in Markdown and stay readable. */
function escapeInline(text: string): string {
  return text
    .replace(/[\\`*[\]]/g, '\\$&')
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_')
    .replaceAll('~~', '\\~\\~')
    .replace(/&(?=#?\w+;)/g, '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

function escapeLineStart(text: string): string {
  return text.replace(/^(#|[-+=](?=\s|$))/, '\\$1').replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2');
}
