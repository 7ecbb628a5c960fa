import { t } from '../messages/translate';
import type { ForecastBeside, MeasuredFile } from '../rehearse/measure/measured-forecast';
import type { Forecast } from '../safety/forecast';
import type { LintedFile, LintResult } from './outcomes';

/**
 * Forecasts replaced by what was measured, with what was predicted beside it. What could not be measured stays as
 * it is, with a note saying why. How long a lock is held is a matter of the real tables: that stays the forecast's.
 */
export function withMeasurements(result: LintResult, measured: readonly MeasuredFile[]): LintResult {
  const byPath = new Map(measured.map((file) => [file.path, file]));
  return { ...result, files: result.files.map((file) => besideFile(file, byPath.get(file.path))) };
}

function besideFile(file: LintedFile, measured: MeasuredFile | undefined): LintedFile {
  if (!measured) return file;
  // Of a file of both directions one is measured, and they may take turns in it.
  const direction = measured.statements[0]?.predicted.direction;
  let next = 0;
  const statements = file.statements.map((forecast) =>
    direction === undefined || forecast.direction === direction
      ? beside(forecast, next++, measured)
      : forecast,
  );
  return { ...file, statements };
}

function beside(forecast: Forecast, index: number, file: MeasuredFile): Forecast {
  const statement = file.statements[index];
  const noted = (...notes: string[]): Forecast => ({ ...forecast, notes: [...forecast.notes, ...notes] });
  if (file.problem !== null) return noted(t('Not measured: {0}', file.problem));
  if (!statement) return forecast;
  const failed =
    statement.error === null ? [] : [t('It failed in the shadow database: {0}', statement.error)];
  if (!statement.measured) return noted(...failed, ...statement.notes);
  const { start, end, holdMilliseconds } = forecast;
  const placed = { start, end, holdMilliseconds };
  const besides: ForecastBeside = {
    ...statement.measured,
    ...placed,
    notes: [...new Set([...forecast.notes, ...statement.measured.notes, ...statement.notes])],
    predicted: { ...statement.predicted, ...placed },
    disagreements: statement.disagreements,
    milliseconds: statement.milliseconds,
  };
  return besides;
}
