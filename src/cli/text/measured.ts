import { printableLine } from '../../messages/printable';
import { t } from '../../messages/translate';
import {
  disagreementAdvice,
  disagreementReport,
  disagreementSentence,
} from '../../rehearse/measure/disagreement-report';
import type {
  ForecastBeside,
  MeasuredFile,
  MeasuredStatement,
} from '../../rehearse/measure/measured-forecast';
import type { Forecast } from '../../safety/forecast';
import { describeForecast, duration } from '../../safety/forecast/describe-forecast';
import { wrapped } from './wrap';

export interface MeasuredTextOptions {
  /** Characters in a line. */
  columns: number;
  nameOf: (path: string) => string;
  textOf: (path: string) => string | null;
}

/** What was forecast of a statement and what was measured, one line each. */
export function besideLines(statement: ForecastBeside): string[] {
  const { predicted, milliseconds, disagreements } = statement;
  const untimed = (forecast: Forecast): string => describeForecast({ ...forecast, holdMilliseconds: null });
  const measured = t('measured: {0}', describeForecast(statement));
  const time = milliseconds === null ? '' : t(' ({0} in the shadow database)', duration(milliseconds));
  const lines = [t('forecast: {0}', untimed(predicted)), `${measured}${time}`];
  return disagreements.length > 0 ? [...lines, t('forecast and measurement differ: see below')] : lines;
}

/** Where it was measured, what could not be, and each disagreement with a report to paste. */
export function measuredText(files: readonly MeasuredFile[], options: MeasuredTextOptions): string {
  const first = files[0];
  if (!first) return '';
  const { version, engine } = first.shadow;
  const head =
    engine === 'pglite'
      ? t('Measured in the embedded database (PostgreSQL {0}).', version)
      : t('Measured in a shadow database on PostgreSQL {0}.', version);
  const remarks = files.flatMap((file) => fileRemarks(file, options));
  const reports = files.flatMap((file) =>
    file.statements
      .filter(({ disagreements }) => disagreements.length > 0)
      .map((statement) => reportOf(file, statement, options)),
  );
  const parts = [[head, ...remarks].join('\n')];
  if (reports.length > 0)
    parts.push(wrapped(disagreementAdvice(), options.columns, '').join('\n'), ...reports);
  return parts.join('\n\n');
}

function fileRemarks(file: MeasuredFile, { columns, nameOf }: MeasuredTextOptions): string[] {
  const name = nameOf(file.path);
  const remarks = [...(file.problem === null ? [] : [file.problem]), ...file.notes].map(
    (remark) => `${name}: ${remark}`,
  );
  for (const { predicted, error, measured, notes } of file.statements) {
    const place = `${name}:${predicted.start.line}:${predicted.start.column}`;
    if (error !== null) remarks.push(`${place}: ${t('failed in the shadow database: {0}', error)}`);
    else if (measured === null) remarks.push(...notes.map((note) => `${place}: ${note}`));
  }
  return remarks.flatMap((remark) => wrapped(remark, columns, '  '));
}

function reportOf(
  file: MeasuredFile,
  statement: MeasuredStatement,
  { nameOf, textOf }: MeasuredTextOptions,
): string {
  const { start, end } = statement.predicted;
  const sql = (textOf(file.path) ?? '').slice(start.offset, end.offset);
  return [
    `${printableLine(nameOf(file.path))}:${start.line}:${start.column}`,
    ...statement.disagreements.map((each) => `  ${disagreementSentence(each)}`),
    '',
    disagreementReport(sql, statement, file.shadow),
  ].join('\n');
}
