import type { RunEvent } from '../../implement/run-event';
import { t } from '../../messages/translate';
import { rowRateText } from '../../templates/rows-text';
import { formatCount, formatDuration } from './format';

/** One line for standard error per event of a run. */
export function runEventText(event: RunEvent): string {
  switch (event.kind) {
    case 'step':
      return `${event.step}: ${event.state}${event.milliseconds === null ? '' : ` (${formatDuration(event.milliseconds)})`} ${event.message}`.trimEnd();
    case 'lock-wait':
      return t(
        '{0}: attempt {1} gave way to {2}; trying again in {3}',
        event.step,
        event.attempt,
        event.blockers.join(', ') || t('another session'),
        formatDuration(event.retryInMilliseconds),
      );
    case 'backfill': {
      const { rowsDone, rowsTotal, rowsPerSecond, remainingMilliseconds, state } = event.progress;
      const rate = rowsPerSecond === null ? '' : t(', {0}', rowRateText(rowsPerSecond));
      const left =
        remainingMilliseconds === null ? '' : t(', {0} left', formatDuration(remainingMilliseconds));
      return `${event.step}: ${state} ${formatCount(rowsDone)} / ${formatCount(rowsTotal)}${rate}${left}`;
    }
    case 'vacuum':
      return `${event.step}: ${event.message} (${formatDuration(event.milliseconds)})`;
    case 'note':
      return event.step === null ? event.message : `${event.step}: ${event.message}`;
  }
}
