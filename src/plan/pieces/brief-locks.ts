/**
 * Statements outside a transaction that give up where they do not get their locks at once: whoever waits for a strong
 * lock has all others queue behind it.
 */
export function briefly(statements: readonly string[]): string[] {
  return ["SET lock_timeout = '500ms'", ...statements, 'RESET lock_timeout'];
}
