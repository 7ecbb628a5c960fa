import { t } from '../../messages/translate';
import { describeForecast, duration } from '../../safety/forecast/describe-forecast';
import type { MigrationRehearsal } from '../rehearsal';

/** A line for each statement whose locks stop reads or writes, as it was measured. */
export function blockingLines({ statements = [] }: Pick<MigrationRehearsal, 'statements'>): string[] {
  return statements.flatMap(({ measured, milliseconds }) => {
    if (!measured?.blocks.some((each) => each === 'reads' || each === 'writes')) return [];
    const { direction, start } = measured;
    const what = describeForecast(measured);
    const took = t('{0} in the shadow database', duration(milliseconds ?? 0));
    return [
      measured.blocks.includes('reads')
        ? t('{0}, line {1}, stops reads and writes: {2} ({3})', direction, start.line, what, took)
        : t('{0}, line {1}, stops writes: {2} ({3})', direction, start.line, what, took),
    ];
  });
}
