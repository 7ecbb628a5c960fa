import type { ParsedSql, SqlProblem } from './statement';

/**
 * Why a text cannot be sent to a server as it stands: it cannot be read, or psql or the migration tool would have to
 * fill something in first. Null when nothing is in the way.
 */
export function obstacleToSending(parsed: ParsedSql): SqlProblem | null {
  return parsed.problems[0] ?? parsed.onlyForTools;
}
