/** A DEFAULT expression; in parentheses where it is more than a literal or a call. */
export function defaultText(expression: string): string {
  return /^(?:'(?:[^']|'')*'|-?[0-9.]+|[\w.]+\(\)|[a-z_]+)$/i.test(expression.trim())
    ? expression.trim()
    : `(${expression})`;
}
