import type { StepRecord } from '../../database/run-record';
import { t } from '../../messages/translate';
import { dateText } from '../../templates/date-text';
import { markdownCell, markdownText } from '../../templates/markdown';
import { emitRegion } from '../regions';

/** One step of a phase as a database has it on record; null: nothing is. */
export interface StepStanding {
  title: string;
  record: Pick<StepRecord, 'state' | 'startedAt' | 'finishedAt'> | null;
}

/** A phase on one database. */
export interface PhaseStanding {
  /** The name of the environment. */
  database: string;
  steps: StepStanding[];
}

/** The region that follows the plan; `live`, because the machine goes on writing it. */
export const statusRegionId = 'live.status';

/** Where a phase stands on each database, as a region; with its steps where they are asked for. */
export function statusRegion(standings: readonly PhaseStanding[], withSteps: boolean): string {
  if (standings.length === 0) return emitRegion(statusRegionId, t('**Status:** waiting.'));
  const only = standings.length === 1 ? standings[0]! : null;
  const summary = only
    ? `${t('**Status:**')} ${markdownText(t('{0} ({1})', standingText(only.steps), only.database))}`
    : table(
        [t('Database'), t('Status')],
        standings.map(({ database, steps }) => [database, standingText(steps)]),
      );
  return emitRegion(statusRegionId, withSteps ? `${summary}\n\n${stepTable(standings)}` : summary);
}

/** `waiting`, `under way since DAY`, `done on DAY`, `rolled back on DAY`; of a failed step its name. */
export function standingText(steps: readonly StepStanding[]): string {
  const records = steps.flatMap(({ record }) => record ?? []);
  const has = (...states: StepRecord['state'][]): boolean =>
    records.some(({ state }) => states.includes(state));
  const isOver = records.length === steps.length && !has('running', 'paused', 'failed', 'rolled-back');
  if (isOver && has('done')) return t('done on {0}', lastDay(records));
  if (has('rolled-back') && !has('done', 'running', 'paused', 'failed'))
    return t('rolled back on {0}', lastDay(records.filter(({ state }) => state === 'rolled-back')));
  if (!has('done', 'running', 'paused', 'failed')) return t('waiting');
  const failed = steps.find(({ record }) => record?.state === 'failed');
  const since = t('under way since {0}', firstDay(records));
  return failed ? t('{0}, "{1}" failed', since, failed.title) : since;
}

function stepTable(standings: readonly PhaseStanding[]): string {
  const titles = standings[0]!.steps.map(({ title }) => title);
  return table(
    [t('Step'), ...standings.map(({ database }) => database)],
    titles.map((title, index) => [title, ...standings.map(({ steps }) => stepText(steps[index]!))]),
  );
}

function stepText({ record }: StepStanding): string {
  switch (record?.state) {
    case undefined:
    case 'blocked':
    case 'ready':
      return t('waiting');
    case 'running':
      return t('under way since {0}', day(record.startedAt));
    case 'paused':
      return t('paused');
    case 'done':
      return t('done on {0}', day(record.finishedAt));
    case 'failed':
      return t('failed on {0}', day(record.finishedAt ?? record.startedAt));
    case 'rolled-back':
      return t('rolled back on {0}', day(record.finishedAt));
    case 'skipped':
      return t('skipped');
  }
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(markdownCell).join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

function day(time: string | null): string {
  return time === null ? t('a day not on record') : dateText(time);
}

function firstDay(records: readonly { startedAt: string | null }[]): string {
  return day(records.flatMap(({ startedAt }) => startedAt ?? []).sort()[0] ?? null);
}

function lastDay(records: readonly { finishedAt: string | null }[]): string {
  return day(
    records
      .flatMap(({ finishedAt }) => finishedAt ?? [])
      .sort()
      .at(-1) ?? null,
  );
}
