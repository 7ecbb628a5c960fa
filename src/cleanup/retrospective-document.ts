import { t } from '../messages/translate';
import { stepsOf, type Plan } from '../plan/plan';
import { planTimeline } from '../plan/timeline';
import { daysText, durationText } from '../templates/duration-text';
import { countText, rowsText } from '../templates/rows-text';
import type { Retrospective, RetrospectiveStep } from './retrospective';

/** What retrospective.md is filled from: plain values, nothing escaped. */
export interface RetrospectiveDocument {
  plan: { id: string; title: string };
  database: string;
  /** ISO 8601, UTC. */
  startedAt: string;
  finishedAt: string;
  numbers: { what: string; planned: string; actual: string }[];
  steps: { title: string; expected: string; took: string; by: string }[];
  /** What to talk about, each with what the record says to it. */
  questions: { question: string; known: string[] }[];
}

/** The retrospective as a document. `now` is ISO 8601 and stands in for an end that is not on record. Pure. */
export function retrospectiveDocument(
  plan: Plan,
  looked: Retrospective,
  database: string,
  now: string,
): RetrospectiveDocument {
  const startedAt = looked.startedAt ?? plan.createdAt;
  const finishedAt = looked.finishedAt ?? now;
  return {
    plan: { id: plan.id, title: plan.title },
    database,
    startedAt,
    finishedAt,
    numbers: numbersOf(plan, looked, { startedAt, finishedAt }),
    steps: looked.steps.map((step) => ({
      title: step.title,
      expected: expectedOf(step),
      took: tookOf(step),
      by: step.by ?? t('not recorded'),
    })),
    questions: questionsOf(looked),
  };
}

function numbersOf(
  plan: Plan,
  looked: Retrospective,
  { startedAt, finishedAt }: Pick<RetrospectiveDocument, 'startedAt' | 'finishedAt'>,
): RetrospectiveDocument['numbers'] {
  const timeline = planTimeline(plan);
  const run = timeline.filter(({ id }) => id === 'canary' || id === 'full-rollout' || id === 'clean-up');
  const days = run.reduce((sum, row) => sum + row.days, 0);
  const { planned, actual } = looked.deprecationDays;
  return [
    {
      what: t('First step to last'),
      planned: daysText(days),
      actual: durationText(Date.parse(finishedAt) - Date.parse(startedAt)),
    },
    {
      what: t('Last day'),
      planned: timeline.at(-1)!.end,
      actual: finishedAt.slice(0, 10),
    },
    {
      what: t('Waiting before the old shape went'),
      planned: daysText(planned),
      actual: actual === null ? t('not recorded') : daysText(actual),
    },
    ...backfillNumbers(plan, looked),
  ];
}

function backfillNumbers(plan: Plan, { backfill }: Retrospective): RetrospectiveDocument['numbers'] {
  const planned = stepsOf(plan).filter((step) => step.kind === 'backfill');
  if (planned.length === 0) return [];
  const rows = planned.reduce((sum, step) => sum + step.backfill.estimatedRows, 0);
  const slowest = planned.reduce((sum, step) => sum + (step.forecast?.holdMilliseconds?.high ?? 0), 0);
  const missing = t('not recorded');
  return [
    {
      what: t('Backfill, rows'),
      planned: t('about {0}', rowsText(Math.round(rows))),
      actual: backfill === null ? missing : rowsText(backfill.rows),
    },
    {
      what: t('Backfill, time'),
      planned: t('up to {0}', durationText(slowest)),
      actual: backfill === null ? missing : durationText(backfill.milliseconds),
    },
    {
      what: t('Backfill, rows per second'),
      planned: slowest > 0 ? t('at least {0}', countText((rows * 1000) / slowest)) : t('not estimated'),
      actual: backfill?.rowsPerSecond == null ? missing : countText(backfill.rowsPerSecond),
    },
  ];
}

function expectedOf({ planned, endedAt }: RetrospectiveStep): string {
  if (planned !== null) return t('{0} to {1}', durationText(planned.low), durationText(planned.high));
  return endedAt === null ? t('not estimated') : t('as people decide');
}

function tookOf({ actual, late, endedAt }: RetrospectiveStep): string {
  if (endedAt !== null) return t('over on {0}', endedAt.slice(0, 10));
  if (actual === null) return t('not measured');
  return late === true ? t('{0}, longer than expected', durationText(actual)) : durationText(actual);
}

function questionsOf(looked: Retrospective): RetrospectiveDocument['questions'] {
  const judged = looked.steps.filter((step) => step.late !== null);
  const late = judged.filter((step) => step.late === true);
  const unmeasured = looked.steps.filter((step) => step.actual === null && step.endedAt === null);
  const skipped = looked.steps.filter((step) => step.state === 'skipped' || step.state === 'failed');
  return [
    {
      question: t('What went well, and should be done the same way again?'),
      known: [
        t('Steps that took no longer than expected: {0} of {1}.', judged.length - late.length, judged.length),
      ],
    },
    {
      question: t('What went badly, and what would have shown it earlier?'),
      known: [
        late.length === 0
          ? t('No step took longer than expected.')
          : t('Longer than expected: {0}.', late.map((step) => step.title).join('; ')),
        ...(skipped.length > 0
          ? [t('Failed or left out: {0}.', skipped.map((step) => step.title).join('; '))]
          : []),
      ],
    },
    {
      question: t('How good were the estimates, and why were some wrong?'),
      known: [
        worst(late),
        ...(unmeasured.length === 1 ? [t('Without a measured time: 1 step.')] : []),
        ...(unmeasured.length > 1 ? [t('Without a measured time: {0} steps.', unmeasured.length)] : []),
      ],
    },
    { question: t('What would we do in another order, or leave out?'), known: longest(looked.steps) },
    {
      question: t('What should be written down for the next migration, and where?'),
      known: looked.backfill?.rowsPerSecond
        ? [t('This server backfills about {0} a second.', rowsText(looked.backfill.rowsPerSecond))]
        : [],
    },
  ];
}

/** Where the time went. */
function longest(steps: readonly RetrospectiveStep[]): string[] {
  const measured = steps
    .filter((step) => step.actual !== null)
    .sort((left, right) => right.actual! - left.actual!);
  if (measured.length === 0) return [t('No time was measured.')];
  const words = measured.slice(0, 3).map((step) => `${step.title} (${durationText(step.actual)})`);
  return [t('Most of the time went into: {0}.', words.join('; '))];
}

function worst(late: readonly RetrospectiveStep[]): string {
  const factor = (step: RetrospectiveStep): number => step.actual! / Math.max(1, step.planned!.high);
  const [step] = [...late].sort((left, right) => factor(right) - factor(left));
  if (!step) return t('Every measured step stayed within its estimate.');
  return t(
    'Furthest off: "{0}", {1} where at most {2} were expected.',
    step.title,
    durationText(step.actual),
    durationText(step.planned!.high),
  );
}
