/** Text as SQL line comments: `-- ` before every line. No text can end such a comment but a line break. */
export function sqlComment(text: string): string {
  return text
    .replaceAll('\0', '')
    .split(/\r\n|[\n\r\u2028\u2029\u0085\v\f]/)
    .map((line) => `-- ${line}`.trimEnd())
    .join('\n');
}
