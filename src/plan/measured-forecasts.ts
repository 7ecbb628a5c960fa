import { assessedTables } from '../assess/assess-together';
import type { Assessment } from '../assess/assessment';
import type { BatchSample } from '../assess/batch-sample';
import type { TableFacts } from '../catalog/table-facts';
import { t } from '../messages/translate';
import { bytesText } from '../templates/bytes-text';
import { formatQualifiedName } from '../sql/identifier';
import { rowsText } from '../templates/rows-text';
import { stepsOf, type BackfillStep, type Phase, type Step, type StepForecast } from './plan';
import { backfillForecast, describeMilliseconds, sampledForecast, stepForecast } from './step-forecast';

/** The phases with the times that this server's measured speed and a batch that was tried give, where there are such. */
export function withMeasuredForecasts(
  phases: readonly Phase[],
  assessment: Assessment,
  batchMilliseconds: number,
): Phase[] {
  const tables = assessedTables(assessment).map(({ table }) => table);
  const measured = (step: Step): StepForecast | null => {
    const table = tables.find(({ name }) => formatQualifiedName(name) === step.forecast?.relation);
    if (!step.forecast || !table) return step.forecast;
    return step.kind === 'backfill'
      ? backfillTime(step.forecast, table, assessment, batchMilliseconds)
      : statementTime(step.forecast, table, assessment);
  };
  return phases.map((phase) => ({
    ...phase,
    steps: phase.steps.map((step) => ({ ...step, forecast: measured(step) })),
  }));
}

/** What a recipe has said by itself stays. */
function statementTime(forecast: StepForecast, table: TableFacts, { rates }: Assessment): StepForecast {
  if (!rates || forecast.lock === null) return forecast;
  const assumed = stepForecast(forecast.lock, forecast.work, table);
  if (assumed.phrase !== forecast.phrase) return forecast;
  return stepForecast(forecast.lock, forecast.work, table, table.name, rates);
}

function backfillTime(
  forecast: StepForecast,
  table: TableFacts,
  assessment: Assessment,
  batchMilliseconds: number,
): StepForecast {
  const sample = sampleOf(assessment, forecast.relation);
  if (!sample || forecast.phrase !== backfillForecast(table, batchMilliseconds).phrase) return forecast;
  return sampledForecast(table, batchMilliseconds, sample);
}

function sampleOf({ samples = [] }: Assessment, relation: string | null): BatchSample | undefined {
  return samples.find((sample) => sample.relation === relation);
}

/** What a batch that was tried says of a backfill, in sentences. */
export function sampleNotes(phases: readonly Phase[], assessment: Assessment): string[] {
  const fills = stepsOf({ phases: [...phases] }).filter(
    (step): step is BackfillStep => step.kind === 'backfill',
  );
  return fills.flatMap((step) => {
    const sample = sampleOf(assessment, step.forecast?.relation ?? null);
    const time = step.forecast?.holdMilliseconds;
    if (!sample || !time) return [];
    const wal = (sample.walBytes / sample.rows) * Math.max(0, step.backfill.estimatedRows);
    return [
      t(
        'A batch of {0} of {1} took {2} ms here and wrote {3} of WAL: "{4}" should take {5} and write about {6}.',
        rowsText(sample.rows),
        sample.relation,
        sample.milliseconds < 10 ? sample.milliseconds.toFixed(1) : Math.round(sample.milliseconds),
        bytesText(sample.walBytes),
        step.title,
        describeMilliseconds(time),
        bytesText(Math.round(wal)),
      ),
    ];
  });
}
