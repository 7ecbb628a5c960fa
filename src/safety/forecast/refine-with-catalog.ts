import { t } from '../../messages/translate';
import type { Forecast, Work } from '../forecast';
import { rowHolders, type KnownSchema } from '../known-schema';
import { relationLabel } from './describe-forecast';

/** How fast this server works; `source` says whether that was measured on it. */
export interface WorkRates {
  scanBytesPerSecond: number;
  rewriteBytesPerSecond: number;
  indexRowsPerSecond: number;
  source: 'measured' | 'default';
}

/** Cautious figures of a small server; a measured rate replaces them. */
export const defaultWorkRates: WorkRates = {
  scanBytesPerSecond: 300_000_000,
  rewriteBytesPerSecond: 60_000_000,
  indexRowsPerSecond: 500_000,
  source: 'default',
};

/** What a catalog change itself takes, once its lock is granted. */
const catalogMilliseconds = { low: 0, high: 50 };

/** The forecast with how long its lock is held, from the rows and bytes the database reported. */
export function refineWithCatalog(
  forecast: Forecast,
  known: KnownSchema,
  rates: WorkRates = defaultWorkRates,
): Forecast {
  const refined: Forecast = {
    ...forecast,
    depth: known.source === 'catalog' ? 'catalog' : forecast.depth,
    notes: [...forecast.notes],
  };
  if (forecast.work === 'none') return refined;
  let milliseconds = 0;
  for (const { kind, relation } of forecast.works) {
    for (const holder of rowHolders(known, relation)) {
      const time = workMilliseconds(kind, known, holder, rates);
      if (time === null) {
        refined.notes.push(t('The size of {0} is not known, so neither is the time.', relationLabel(holder)));
        return refined;
      }
      milliseconds += time;
    }
  }
  const [low, high] = rates.source === 'measured' ? [0.7, 1.5] : [0.4, 3];
  refined.holdMilliseconds = {
    low: Math.round(milliseconds * low) + catalogMilliseconds.low,
    high: Math.round(milliseconds * high) + catalogMilliseconds.high,
  };
  return refined;
}

function workMilliseconds(kind: Work, known: KnownSchema, relation: string, rates: WorkRates): number | null {
  const { rows = null, bytes = null } = known.relations.get(relation) ?? {};
  switch (kind) {
    case 'none':
    case 'catalog':
      return 0;
    case 'scan':
      return bytes === null ? null : (bytes / rates.scanBytesPerSecond) * 1000;
    case 'rewrite':
      return bytes === null ? null : (bytes / rates.rewriteBytesPerSecond) * 1000;
    case 'index-build':
      return rows === null ? null : (rows / rates.indexRowsPerSecond) * 1000;
  }
}
