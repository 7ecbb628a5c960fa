import type { LockMode } from '../safety/forecast';
import { strongestLocks } from '../safety/forecast/strength';
import type { KnownSchema } from '../safety/known-schema';
import { parseQualifiedName, type QualifiedName } from '../sql/identifier';
import type { Statement } from '../sql/statement';
import { forecastTogether } from './forecast-together';

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
  const forecasts = forecastTogether(statements, schema, serverMajor);
  const [strongest] = strongestLocks(forecasts.flatMap(({ locks }) => locks));
  return strongest ? { relation: parseQualifiedName(strongest.relation), mode: strongest.mode } : null;
}
