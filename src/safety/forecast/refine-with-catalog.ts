import { t } from '../../messages/translate';
import type { Forecast } from '../forecast';
import type { KnownSchema } from '../known-schema';
import { rowHolders } from '../known-neighbours';
import { relationLabel } from './describe-forecast';
import { defaultWorkRates, rateNote, uncertainty, type TimedWork, type WorkRates } from './work-rates';

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
  const hold = { ...catalogMilliseconds };
  const kinds = new Set<TimedWork>();
  for (const { kind, relation } of forecast.works) {
    if (kind === 'none' || kind === 'catalog') continue;
    kinds.add(kind);
    const { low, high } = uncertainty(rates, kind);
    for (const holder of rowHolders(known, relation)) {
      const time = workMilliseconds(kind, known, holder, rates);
      if (time === null) {
        refined.notes.push(t('The size of {0} is not known, so neither is the time.', relationLabel(holder)));
        return refined;
      }
      hold.low += time * low;
      hold.high += time * high;
    }
  }
  refined.holdMilliseconds = { low: Math.round(hold.low), high: Math.round(hold.high) };
  for (const kind of kinds) refined.notes.push(rateNote(rates, kind));
  return refined;
}

function workMilliseconds(
  kind: TimedWork,
  known: KnownSchema,
  relation: string,
  rates: WorkRates,
): number | null {
  const { rows = null, bytes = null } = known.relations.get(relation) ?? {};
  switch (kind) {
    case 'scan':
      return bytes === null ? null : (bytes / rates.scanBytesPerSecond) * 1000;
    case 'rewrite':
      return bytes === null ? null : (bytes / rates.rewriteBytesPerSecond) * 1000;
    case 'index-build':
      return rows === null ? null : (rows / rates.indexRowsPerSecond) * 1000;
  }
}
