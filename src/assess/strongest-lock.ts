import type { LockMode } from '../safety/forecast';
import { forecastStatements } from '../safety/forecast/forecast-statements';
import { strongestLocks } from '../safety/forecast/strength';
import type { KnownSchema } from '../safety/known-schema';
import { parseQualifiedName, type QualifiedName } from '../sql/identifier';
import type { Statement } from '../sql/statement';

/** A lock on a table or view. */
export interface StrongestLock {
  relation: QualifiedName;
  mode: LockMode;
}

/** The strongest lock that some statements take, on the first of the relations they take it on; null where they take none. */
export function strongestLockOf(
  statements: readonly Statement[],
  schema: KnownSchema,
  serverMajor: number,
): StrongestLock | null {
  const forecasts = forecastStatements({
    statements,
    direction: 'up',
    schema,
    transaction: 'wrapped',
    serverMajor,
  });
  const [strongest] = strongestLocks(forecasts.flatMap(({ locks }) => locks));
  return strongest ? { relation: parseQualifiedName(strongest.relation), mode: strongest.mode } : null;
}
