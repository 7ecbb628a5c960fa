import assert from 'node:assert/strict';
import type { Assessment } from '../../src/assess/assessment';
import { sampleNotes, withMeasuredForecasts } from '../../src/plan/measured-forecasts';
import { stepsOf, type Phase } from '../../src/plan/plan';
import { backfillForecast, stepForecast } from '../../src/plan/step-forecast';
import { workRatesOf } from '../../src/safety/forecast/work-rates';
import { formatQualifiedName } from '../../src/sql/identifier';
import { plainNames, sampleAssessment, samplePlan } from '../implement/scaffold/sample-plan';

const measuredAt = '2026-11-20T00:00:00Z';
const rate = { relation: '', measuredAt, rowsPerSecond: 1000 };
const rates = workRatesOf([
  { ...rate, kind: 'scan', bytesPerSecond: 3_000_000 },
  { ...rate, kind: 'index-build', bytesPerSecond: null },
])!;

describe('times of a plan', () => {
  const plain = sampleAssessment(plainNames);
  const { table } = plain;
  const relation = formatQualifiedName(table.name);
  const phases = withAssumed(samplePlan(plainNames).phases);

  /** Each step with the time that recipes give it. */
  function withAssumed(known: readonly Phase[]): Phase[] {
    return known.map((phase) => ({
      ...phase,
      steps: phase.steps.map((step) => ({
        ...step,
        forecast:
          step.kind === 'backfill'
            ? backfillForecast(table, 50)
            : step.kind === 'concurrent'
              ? stepForecast('ShareUpdateExclusiveLock', 'index-build', table)
              : step.kind === 'migration'
                ? stepForecast('AccessExclusiveLock', 'catalog', table)
                : null,
      })),
    }));
  }

  const times = (assessment: Assessment, kind: string): (number | undefined)[] =>
    stepsOf({ phases: withMeasuredForecasts(phases, assessment, 50) })
      .filter((step) => step.kind === kind)
      .map(({ forecast }) => forecast?.holdMilliseconds?.high);

  it('stay those of a small server where nothing was measured', () => {
    assert.deepEqual(withMeasuredForecasts(phases, plain, 50), phases);
    assert.deepEqual(sampleNotes(phases, plain), []);
  });

  it('follow what was measured on this one, for work that grows with the table', () => {
    const measured = { ...plain, rates };
    assert.deepEqual(times(measured, 'migration'), times(plain, 'migration'));
    assert.deepEqual(times(measured, 'backfill'), times(plain, 'backfill'));
    const [index] = times(measured, 'concurrent');
    // 1,000 rows in a second, and up to 2.5 times as long.
    assert.equal(index, 50 + Math.round(table.rows.count * 2.5));
  });

  it('follow a batch that was tried, which says so', () => {
    const sample = { relation, rows: 1000, milliseconds: 20, walBytes: 100_000 };
    const tried = { ...plain, samples: [sample] };
    assert.deepEqual(times(tried, 'backfill'), [Math.round((table.rows.count / 1000) * 20 * 2.5)]);
    const [note] = sampleNotes(withMeasuredForecasts(phases, tried, 50), tried);
    assert.match(
      note!,
      /^A batch of 1,000 rows of .* took 20 ms here and wrote 98 kB of WAL: .* should take /,
    );
    assert.deepEqual(
      times({ ...plain, samples: [{ ...sample, relation: 'a.b' }] }, 'backfill'),
      times(plain, 'backfill'),
    );
  });

  it('leaves what a recipe has said by itself', () => {
    const own = phases.map((phase) => ({
      ...phase,
      steps: phase.steps.map((step) => ({
        ...step,
        forecast: step.forecast && { ...step.forecast, phrase: 'at once' },
      })),
    }));
    const sample = { relation, rows: 1000, milliseconds: 20, walBytes: 100_000 };
    assert.deepEqual(withMeasuredForecasts(own, { ...plain, rates, samples: [sample] }, 50), own);
  });
});
