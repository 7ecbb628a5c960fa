import { t } from '../messages/translate';
import type { TableFacts } from '../catalog/table-facts';
import type { LockMode, Work } from '../safety/forecast';
import { formatQualifiedName } from '../sql/identifier';
import type { StepForecast } from './plan';

/** What a step's strongest statement does to a table of this size. */
export function stepForecast(lock: LockMode | null, work: Work, table: TableFacts): StepForecast {
  const holdMilliseconds = holdOf(work, table);
  const relation = formatQualifiedName(table.name);
  return { lock, relation, work, holdMilliseconds, phrase: phraseOf(lock, relation, work, holdMilliseconds) };
}

/** The forecast of a backfill: no lock that queues others, and the time the whole of it takes. */
export function backfillForecast(table: TableFacts, batchMilliseconds: number): StepForecast {
  const rows = Math.max(0, table.rows.count);
  const hold = {
    low: Math.round(rows / rowsPerMillisecond.fast),
    high: Math.round(rows / rowsPerMillisecond.slow),
  };
  const relation = formatQualifiedName(table.name);
  const phrase = t(
    'row locks of one batch at a time, about {0} ms each; {1} in all',
    batchMilliseconds,
    describeMilliseconds(hold),
  );
  return { lock: 'RowExclusiveLock', relation, work: 'rewrite', holdMilliseconds: hold, phrase };
}

/** `1-20 ms`, `2-15 s`, `3-30 min`, `1-9 h`. */
export function describeMilliseconds(range: { low: number; high: number }): string {
  const unit = units.find((candidate) => range.high >= candidate.milliseconds) ?? units[units.length - 1]!;
  const low = Math.round(range.low / unit.milliseconds);
  const high = Math.round(range.high / unit.milliseconds);
  return low === high ? `${high} ${unit.name}` : `${low}-${high} ${unit.name}`;
}

const units = [
  { name: 'h', milliseconds: 3_600_000 },
  { name: 'min', milliseconds: 60_000 },
  { name: 's', milliseconds: 1000 },
  { name: 'ms', milliseconds: 1 },
];

/** Backfill rates seen on small and on loaded servers. */
const rowsPerMillisecond = { fast: 200, slow: 20 };
/** Bytes per millisecond: a warm scan and a cold one; an index build from memory and from disk. */
const scanRate = { fast: 1_000_000, slow: 100_000 };
const buildRate = { fast: 150_000, slow: 15_000 };

function holdOf(work: Work, table: TableFacts): { low: number; high: number } {
  const partitions = table.partitioning?.count ?? 0;
  const base = { low: 1, high: 20 + partitions };
  switch (work) {
    case 'none':
    case 'catalog':
      return base;
    case 'scan':
      return plus(base, table.bytes.heap + table.bytes.toast, scanRate);
    case 'index-build':
      return plus(base, table.bytes.heap, buildRate);
    case 'rewrite':
      return plus(base, table.bytes.total, buildRate);
  }
}

function plus(base: { low: number; high: number }, bytes: number, rate: { fast: number; slow: number }) {
  return { low: base.low + Math.round(bytes / rate.fast), high: base.high + Math.round(bytes / rate.slow) };
}

function phraseOf(
  lock: LockMode | null,
  relation: string,
  work: Work,
  hold: { low: number; high: number },
): string {
  if (lock === null) return t('no lock');
  return t('{0} on {1}, {2}, {3}', sqlNames[lock], relation, workPhrase(work), describeMilliseconds(hold));
}

function workPhrase(work: Work): string {
  switch (work) {
    case 'none':
      return t('no work');
    case 'catalog':
      return t('catalog only');
    case 'scan':
      return t('reads the whole table');
    case 'index-build':
      return t('builds an index');
    case 'rewrite':
      return t('rewrites the table');
  }
}

/** As LOCK TABLE spells the modes: https://www.postgresql.org/docs/current/sql-lock.html */
const sqlNames: Record<LockMode, string> = {
  AccessShareLock: 'ACCESS SHARE',
  RowShareLock: 'ROW SHARE',
  RowExclusiveLock: 'ROW EXCLUSIVE',
  ShareUpdateExclusiveLock: 'SHARE UPDATE EXCLUSIVE',
  ShareLock: 'SHARE',
  ShareRowExclusiveLock: 'SHARE ROW EXCLUSIVE',
  ExclusiveLock: 'EXCLUSIVE',
  AccessExclusiveLock: 'ACCESS EXCLUSIVE',
};
