/** Text as a template literal of TypeScript and JavaScript: nothing in it is filled in, line breaks stay. */
export function scriptString(text: string): string {
  const escaped = text
    .replace(/[\\`]/g, '\\$&')
    .replaceAll('${', '\\${')
    // A bare carriage return would be read as a line feed.
    .replaceAll('\r', '\\r')
    .replaceAll('\0', '\\x00');
  return `\`${escaped}\``;
}

/** Text as line comments of TypeScript and JavaScript. No text can end such a comment but a line break. */
export function scriptComment(text: string): string {
  return text
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map((line) => `// ${line}`.trimEnd())
    .join('\n');
}
