import type { RawStep } from '../../assess/change-facts';
import { describeForecast } from '../../safety/forecast/describe-forecast';
import { heavierWork, strongestLocks } from '../../safety/forecast/strength';
import type { StepForecast } from '../plan';

/** The forecast of statements that somebody wrote: no lock where they touch nothing that others can see. */
export function rawForecast({ forecast }: RawStep): StepForecast {
  const strongest = strongestLocks(forecast.locks)[0];
  return {
    lock: strongest?.mode ?? null,
    relation: strongest?.relation ?? null,
    work: forecast.works.map(({ kind }) => kind).reduce(heavierWork, forecast.work),
    holdMilliseconds: forecast.holdMilliseconds,
    phrase: describeForecast(forecast),
  };
}
