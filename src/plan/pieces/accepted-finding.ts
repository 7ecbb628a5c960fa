import { silenced } from './sql-text';

/**
 * A statement whose finding the plan has weighed and accepts, with the reason; null where there is none. Switchback's own
 * lint reads the files a plan is written to.
 */
export function acceptFinding(rule: string | null, reason: string, statement: string): string {
  return rule === null ? statement : silenced(rule, reason, statement);
}
