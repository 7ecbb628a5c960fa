/**
 * Statements of a step with the comment that accepts a rule's findings anywhere in them. `reason`: one line. A finding on
 * how the statements are run as a whole has no statement of its own.
 */
export function acceptInFile(
  rules: readonly string[],
  reason: string,
  [first, ...others]: readonly string[],
): string[] {
  if (first === undefined) return [];
  return [`-- switchback:ignore-file ${rules.join(', ')} ${reason}\n${first}`, ...others];
}
