import type { Rate } from '../../database/run-record';
import { t } from '../../messages/translate';
import type { Work } from '../forecast';

/** Work whose time grows with the table. */
export type TimedWork = Exclude<Work, 'none' | 'catalog'>;

/** How fast this server works; `source` says whether any of it was measured on it. */
export interface WorkRates {
  scanBytesPerSecond: number;
  rewriteBytesPerSecond: number;
  indexRowsPerSecond: number;
  source: 'measured' | 'default';
  /** When each kind was measured, ISO 8601; those left out are assumed. */
  measuredAt?: Partial<Record<TimedWork, string>>;
}

/** Cautious figures of a small server; a measured rate replaces them. */
export const defaultWorkRates: WorkRates = {
  scanBytesPerSecond: 300_000_000,
  rewriteBytesPerSecond: 60_000_000,
  indexRowsPerSecond: 500_000,
  source: 'default',
};

/** The newest measured speed of each kind of work; what was never measured is assumed. Null where nothing was. */
export function workRatesOf(rates: readonly Rate[]): WorkRates | null {
  const newest = (kind: TimedWork, speed: 'bytesPerSecond' | 'rowsPerSecond'): Rate | undefined =>
    rates
      .filter((rate) => rate.kind === kind && (rate[speed] ?? 0) > 0)
      .sort((a, b) => (a.measuredAt < b.measuredAt ? 1 : -1))[0];
  const scan = newest('scan', 'bytesPerSecond');
  const rewrite = newest('rewrite', 'bytesPerSecond');
  const index = newest('index-build', 'rowsPerSecond');
  if (!scan && !rewrite && !index) return null;
  return {
    scanBytesPerSecond: scan?.bytesPerSecond ?? defaultWorkRates.scanBytesPerSecond,
    rewriteBytesPerSecond: rewrite?.bytesPerSecond ?? defaultWorkRates.rewriteBytesPerSecond,
    indexRowsPerSecond: index?.rowsPerSecond ?? defaultWorkRates.indexRowsPerSecond,
    source: 'measured',
    measuredAt: {
      ...(scan && { scan: scan.measuredAt }),
      ...(rewrite && { rewrite: rewrite.measuredAt }),
      ...(index && { 'index-build': index.measuredAt }),
    },
  };
}

/** By how much a time may be off: a real table is colder and busier than one that was measured on. */
export function uncertainty(rates: WorkRates, kind: TimedWork): { low: number; high: number } {
  return rates.measuredAt?.[kind] !== undefined ? { low: 0.6, high: 2.5 } : { low: 0.4, high: 3 };
}

/** Which rate a time was computed from: `At 120 MB/s, measured on this server on 2026-11-20.` */
export function rateNote(rates: WorkRates, kind: TimedWork): string {
  const at = rates.measuredAt?.[kind]?.slice(0, 10);
  const speed = speedOf(rates, kind);
  switch (kind) {
    case 'scan':
      return at === undefined
        ? t('The time is that of a scan at an assumed {0}.', speed)
        : t('The time is that of a scan at {0}, measured on this server on {1}.', speed, at);
    case 'rewrite':
      return at === undefined
        ? t('The time is that of a rewrite at an assumed {0}.', speed)
        : t('The time is that of a rewrite at {0}, measured on this server on {1}.', speed, at);
    case 'index-build':
      return at === undefined
        ? t('The time is that of an index build at an assumed {0}.', speed)
        : t('The time is that of an index build at {0}, measured on this server on {1}.', speed, at);
  }
}

function speedOf(rates: WorkRates, kind: TimedWork): string {
  if (kind === 'index-build')
    return t('{0} rows/s', Number(rates.indexRowsPerSecond.toPrecision(2)).toLocaleString('en-US'));
  const bytes = kind === 'scan' ? rates.scanBytesPerSecond : rates.rewriteBytesPerSecond;
  return t('{0} MB/s', Number((bytes / 1_000_000).toPrecision(2)).toLocaleString('en-US'));
}
