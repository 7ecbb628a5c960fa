import { createHash } from 'node:crypto';
import type { Finding } from '../../safety/finding';

/**
 * A name for each finding of a file that stays when lines move: rule, message and, among equal ones, which it is.
 * 32 hex digits.
 */
export function fingerprints(file: string, findings: readonly Finding[]): string[] {
  const seen = new Map<string, number>();
  return findings.map(({ rule, message }) => {
    const same = JSON.stringify([file, rule, message]);
    const count = seen.get(same) ?? 0;
    seen.set(same, count + 1);
    return createHash('sha256')
      .update(JSON.stringify([same, count]))
      .digest('hex')
      .slice(0, 32);
  });
}
