import { t } from '../messages/translate';
import type { BatchSample } from '../assess/batch-sample';
import type { TableFacts } from '../catalog/table-facts';
import type { Forecast, LockMode, Work } from '../safety/forecast';
import { describeForecast, duration } from '../safety/forecast/describe-forecast';
import { defaultWorkRates, uncertainty, type TimedWork, type WorkRates } from '../safety/forecast/work-rates';
import { formatQualifiedName, type QualifiedName } from '../sql/identifier';
import type { StepForecast } from './plan';

interface Range {
  low: number;
  high: number;
}

/**
 * What a step's strongest statement does: the lock it takes on `on` (the table itself when left out), the work
 * under it, and how long that should take at the table's size. The time on another table is not known.
 */
export function stepForecast(
  lock: LockMode,
  work: Work,
  table: TableFacts,
  on: QualifiedName = table.name,
  rates: WorkRates = defaultWorkRates,
): StepForecast {
  const relation = formatQualifiedName(on);
  const own = relation === formatQualifiedName(table.name);
  const holdMilliseconds = own || isBrief(work) ? holdOf(work, table, rates) : null;
  const rows = own && !isBrief(work) ? Math.max(0, Math.round(table.rows.count)) : null;
  const phrase = describeForecast(forecastOf(lock, work, relation, holdMilliseconds), rows);
  return { lock, relation, work, holdMilliseconds, phrase };
}

/** The forecast of a backfill: row locks of one batch at a time, and the time the whole of it takes. */
export function backfillForecast(table: TableFacts, batchMilliseconds: number): StepForecast {
  const rows = Math.max(0, table.rows.count);
  return wholeBackfill(table, batchMilliseconds, {
    low: Math.round(rows / rowsPerMillisecond.fast),
    high: Math.round(rows / rowsPerMillisecond.slow),
  });
}

/** The same at the speed of a batch that was tried: others, checkpoints and cold blocks make the rest slower. */
export function sampledForecast(
  table: TableFacts,
  batchMilliseconds: number,
  { rows, milliseconds }: Pick<BatchSample, 'rows' | 'milliseconds'>,
): StepForecast {
  const whole = (Math.max(0, table.rows.count) / rows) * milliseconds;
  return wholeBackfill(table, batchMilliseconds, {
    low: Math.round(whole * 0.6),
    high: Math.round(whole * 2.5),
  });
}

function wholeBackfill(table: TableFacts, batchMilliseconds: number, holdMilliseconds: Range): StepForecast {
  const phrase = t(
    'row locks of one batch at a time, about {0} ms each · {1} in all',
    batchMilliseconds,
    describeMilliseconds(holdMilliseconds),
  );
  const relation = formatQualifiedName(table.name);
  return { lock: 'RowExclusiveLock', relation, work: 'rewrite', holdMilliseconds, phrase };
}

/** `1 ms to 20 ms`, `2 s to 4 min`; one figure where both are the same. */
export function describeMilliseconds(range: Range): string {
  const low = duration(range.low);
  const high = duration(range.high);
  return low === high ? high : t('{0} to {1}', low, high);
}

/** Backfill rates measured on an idle server, and what is left of them on a loaded one. */
const rowsPerMillisecond = { fast: 200, slow: 20 };
/** What a catalog change takes once its lock is granted; each partition adds to it. */
const catalogMilliseconds = { low: 1, high: 50 };

function isBrief(work: Work): work is Exclude<Work, TimedWork> {
  return work === 'none' || work === 'catalog';
}

function holdOf(work: Work, table: TableFacts, rates: WorkRates): Range {
  const milliseconds = workSeconds(work, table, rates) * 1000;
  const spread = isBrief(work) ? { low: 0, high: 0 } : uncertainty(rates, work);
  return {
    low: catalogMilliseconds.low + Math.round(milliseconds * spread.low),
    high:
      catalogMilliseconds.high + (table.partitioning?.count ?? 0) + Math.round(milliseconds * spread.high),
  };
}

function workSeconds(work: Work, table: TableFacts, rates: WorkRates): number {
  switch (work) {
    case 'none':
    case 'catalog':
      return 0;
    case 'scan':
      return (table.bytes.heap + table.bytes.toast) / rates.scanBytesPerSecond;
    case 'index-build':
      return Math.max(0, table.rows.count) / rates.indexRowsPerSecond;
    case 'rewrite':
      return table.bytes.total / rates.rewriteBytesPerSecond;
  }
}

/** As much of a statement's forecast as its phrase is made of. */
function forecastOf(lock: LockMode, work: Work, relation: string, holdMilliseconds: Range | null): Forecast {
  const nowhere = { offset: 0, line: 1, column: 1 };
  return {
    index: 0,
    kind: '',
    start: nowhere,
    end: nowhere,
    direction: 'up',
    locks: [{ relation, mode: lock }],
    indexLocks: [],
    work,
    workOn: [relation],
    works: [{ kind: work, relation }],
    blocks: [],
    transactional: true,
    compatible: true,
    dataRecoverable: true,
    holdMilliseconds,
    depth: 'catalog',
    notes: [],
  };
}
