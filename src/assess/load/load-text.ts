import { t } from '../../messages/translate';
import { formatIdentifier } from '../../sql/identifier';
import { dateText, timeText } from '../../templates/date-text';
import { durationText } from '../../templates/duration-text';
import { countText } from '../../templates/rows-text';
import type { StatementLoad, TableLoad, WriteHours } from './load-facts';

export interface LoadLine {
  what: string;
  text: string;
  note: string | null;
}

/** How a table is used, as lines that people read. */
export function loadLines(load: TableLoad): LoadLine[] {
  const { scans, written, rows } = load;
  const line = (what: string, text: string, note: string | null = null): LoadLine => ({ what, text, note });
  return [
    line(
      t('Reads'),
      t('{0} by index, {1} from end to end', countText(scans.index), countText(scans.sequential)),
      load.since === null ? null : t('since {0}', timeText(load.since)),
    ),
    line(
      t('Rows written'),
      t(
        '{0} inserted, {1} updated, {2} deleted',
        countText(written.inserted),
        countText(written.updated),
        countText(written.deleted),
      ),
      written.updated === 0
        ? null
        : t('{0} of the updates heap-only', percentText(written.heapOnly / written.updated)),
    ),
    line(
      t('Dead rows'),
      rows.live === 1
        ? t('{0} beside 1 live one', countText(rows.dead))
        : t('{0} beside {1} live ones', countText(rows.dead), countText(rows.live)),
      load.lastVacuum === null ? t('never vacuumed') : t('last VACUUM {0}', timeText(load.lastVacuum)),
    ),
    line(t('Found in memory'), load.cached === null ? t('not read yet') : percentText(load.cached)),
    line(
      t('Statistics'),
      load.lastAnalyze === null ? t('never analyzed') : t('of {0}', timeText(load.lastAnalyze)),
    ),
    line(
      t('VACUUM at work'),
      load.vacuums.length === 0
        ? t('no')
        : load.vacuums
            .map(({ pid, phase, automatic }) =>
              automatic ? t('autovacuum, {0}', phase) : t('process {0}, {1}', pid, phase),
            )
            .join('; '),
    ),
    ...(load.quietHours
      ? [line(t('Quiet hours'), hoursText(load.quietHours), sourceText(load.quietHours))]
      : []),
  ];
}

function hoursText(hours: WriteHours): string {
  const share = percentText(hours.share);
  if (hours.standsOut) return t('fewest rows are written from {0}: {1} of them', spanText(hours), share);
  return t('none stand out; the fewest rows, {0} of them, are written from {1}', share, spanText(hours));
}

function spanText({ from, to, zoned, local }: WriteHours): string {
  const span = (minutes: number): string => t('{0} to {1}', clockText(from, minutes), clockText(to, minutes));
  if (!zoned) return t('{0}, as the column has it, without a zone', span(0));
  if (local === null) return t('{0} UTC', span(0));
  return t('{0} UTC, now {1} in {2}', span(0), span(local.minutes), local.zone);
}

function sourceText({ column, samples, first, last }: WriteHours): string {
  return t(
    "by {0} in the planner's statistics, {1} values from {2} to {3}",
    formatIdentifier(column),
    countText(samples),
    dateText(first),
    dateText(last),
  );
}

/** `02:00`, so many minutes east of where it is that hour. */
function clockText(hour: number, minutes: number): string {
  const time = (hour * 60 + minutes + 1440) % 1440;
  return [Math.floor(time / 60), time % 60].map((part) => String(part).padStart(2, '0')).join(':');
}

/** What a statement does with the table and with the column that changes. */
export function statementUseText({ writes, column }: StatementLoad): string {
  const verb = writes ? t('writes') : t('reads');
  switch (column) {
    case 'named':
      return t('{0}, names the column', verb);
    case 'all':
      return t('{0}, takes all columns', verb);
    case 'none':
      return verb;
  }
}

/** `12,345 times, 1.2 ms each`. */
export function statementCostText({ calls, meanMilliseconds }: StatementLoad): string {
  if (calls === 1) return t('once, {0}', durationText(meanMilliseconds));
  return t('{0} times, {1} each', countText(calls), durationText(meanMilliseconds));
}

function percentText(share: number): string {
  return `${Number((share * 100).toFixed(share > 0.99 && share < 1 ? 2 : 0))} %`;
}
