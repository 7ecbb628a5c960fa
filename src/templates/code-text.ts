/**
 * Text as a string of Python: https://docs.python.org/3/reference/lexical_analysis.html#string-and-bytes-literals.
 * Line breaks stay.
 */
export function pythonString(text: string): string {
  const escaped = text
    .replaceAll('\\', '\\\\')
    // A bare carriage return would be read as a line feed.
    .replaceAll('\r', '\\r')
    .replaceAll('\0', '\\x00');
  if (!text.includes('\n')) return `"${escaped.replaceAll('"', '\\"')}"`;
  // Within three quotes, one alone ends nothing but at the end.
  return `"""${escaped.replace(/"(?="|$)|(?<=")"/g, '\\"')}"""`;
}

/**
 * Text as a string of Ruby, nothing in it filled in: https://docs.ruby-lang.org/en/master/syntax/literals_rdoc.html.
 * Line breaks stay.
 */
export function rubyString(text: string): string {
  const escaped = text
    .replace(/[\\"]/g, '\\$&')
    .replace(/#(?=[{$@])/g, '\\#')
    .replaceAll('\r', '\\r')
    .replaceAll('\0', '\\x00');
  return `"${escaped}"`;
}

/** Text as comments that begin with `#`, as Python, Ruby and shells have them. */
export function hashComment(text: string): string {
  return text
    .split(/\r\n|[\n\r\u2028\u2029\0]/)
    .map((line) => `# ${line}`.trimEnd())
    .join('\n');
}
