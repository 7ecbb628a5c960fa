import { t } from '../../messages/translate';
import { lockName, relationLabel, relationLabels } from '../../safety/forecast/describe-forecast';
import { conflictsWith } from '../../safety/forecast/lock-conflicts';
import { isWeakerLock, strongestLocks } from '../../safety/forecast/strength';
import { lockModes, type Depth, type Forecast, type LockMode, type Work } from '../../safety/forecast';
import { duration } from '../format';
import { rowsText } from '../../templates/rows-text';

/** Which depth spoke: text alone, the connected database, or a run. */
export function depthWord(depth: Depth, database: string | null): string {
  switch (depth) {
    case 'static':
      return t('static (the SQL and the migrations before it)');
    case 'catalog':
      return database === null
        ? t('this database (its catalog)')
        : t('this database (the catalog of {0})', database);
    case 'measured':
      return t('measured (it was run in a shadow database)');
  }
}

/** `table rewrite of orders`, `table scan of orders and 3 more`. */
export function workSentence(forecast: Forecast): string {
  const on = [...new Set(forecast.workOn)];
  return on.length === 0
    ? workWord(forecast.work)
    : t('{0} of {1}', workWord(forecast.work), relationLabels(on));
}

/** `about 40 s (16 s to 2 min) at 200,000 rows`; null where nobody knows. */
export function timeSentence({ holdMilliseconds: hold }: Forecast, rows: number | null): string | null {
  if (!hold) return null;
  const range =
    hold.low < 1
      ? t('up to {0}', duration(hold.high))
      : t('{0} to {1}', duration(hold.low), duration(hold.high));
  return rows === null ? range : t('{0} at {1}', range, rowsText(rows));
}

/** What takes a lock of each mode: one row of the conflict table in the words of statements. */
function statementsOf(mode: LockMode): string {
  switch (mode) {
    case 'AccessShareLock':
      return 'SELECT';
    case 'RowShareLock':
      return 'SELECT FOR UPDATE';
    case 'RowExclusiveLock':
      return 'INSERT, UPDATE, DELETE';
    case 'ShareUpdateExclusiveLock':
      return 'VACUUM, CREATE INDEX CONCURRENTLY';
    case 'ShareLock':
      return 'CREATE INDEX';
    case 'ShareRowExclusiveLock':
      return 'CREATE TRIGGER';
    case 'ExclusiveLock':
      return 'REFRESH MATERIALIZED VIEW CONCURRENTLY';
    case 'AccessExclusiveLock':
      return t('most ALTER TABLE, DROP');
  }
}

/** What waits for a lock of this mode, and what goes on beside it. */
export function waitsAndGoesOn(mode: LockMode): { waits: string; goesOn: string } {
  const conflicts = conflictsWith(mode);
  const words = (modes: readonly LockMode[]): string => modes.map(statementsOf).join(', ');
  return {
    waits: words(conflicts),
    goesOn: words(lockModes.filter((other) => !conflicts.includes(other))) || t('nothing'),
  };
}

/** `ACCESS EXCLUSIVE on orders`. */
export function lockSentence(lock: Forecast['locks'][number]): string {
  return t('{0} on {1}', lockName(lock.mode), relationLabel(lock.relation));
}

/**
 * `ACCESS EXCLUSIVE on 4 indexes`, of the strongest mode; null where indexes are only read with their table, which holds
 * nobody who does not wait for the table anyway.
 */
export function indexSentence({ indexLocks }: Pick<Forecast, 'indexLocks'>): string | null {
  const on = strongestLocks(indexLocks);
  const mode = on[0]?.mode;
  if (!mode || isWeakerLock(mode, 'ShareUpdateExclusiveLock')) return null;
  if (on.length === 1) return lockSentence(on[0]!);
  return t('{0} on {1} indexes', lockName(mode), on.length);
}

/** What PostgreSQL has to do, in a word or two. */
export function workWord(work: Work): string {
  switch (work) {
    case 'none':
      return t('no work');
    case 'catalog':
      return t('catalog only');
    case 'scan':
      return t('table scan');
    case 'index-build':
      return t('index build');
    case 'rewrite':
      return t('table rewrite');
  }
}
