import type { Forecast } from '../../safety/forecast';

/** The relations that statements lock against others, each once, as SQL names them. */
export function relationsOf(forecasts: readonly Forecast[]): string[] {
  const locked = forecasts.flatMap(({ locks }) => locks.filter((lock) => lock.mode !== 'AccessShareLock'));
  return [...new Set(locked.map((lock) => lock.relation))];
}
