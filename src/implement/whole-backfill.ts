import { loadBackfill } from '../database/backfill-rows';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { BackfillProgress, BackfillStep } from '../plan/plan';
import { runBackfill } from './backfill';
import type { StepRun } from './run-step';
import { verificationHolds } from './verification';
import { walkStart } from './walk';

/**
 * Runs a step's backfill to its end. Where rows were written past it meanwhile, by something that does not keep to
 * what the step needs, it walks the table once more; where that is not enough the next try begins anew, too.
 */
export async function wholeBackfill(run: StepRun, step: BackfillStep): Promise<BackfillProgress> {
  const progress = await walk(run, step);
  if (step.backfill.pending === null || (await holds(run, step))) return progress;
  run.onEvent({
    kind: 'note',
    step: step.id,
    message: t('Rows were written past it meanwhile; it walks the table once more.'),
  });
  await startOver(run, step);
  const again = await walk(run, step);
  if (!(await holds(run, step))) await startOver(run, step);
  return again;
}

/**
 * Runs a backfill once more from the beginning, on the way back. Throws `verification-failed` where rows are written
 * past it: going on would lose them.
 */
export async function backfillAgain(run: StepRun, step: BackfillStep): Promise<void> {
  await startOver(run, step);
  await wholeBackfill(run, step);
  if (await holds(run, step)) return;
  throw new SwitchbackError(
    'verification-failed',
    t(
      '"{0}" was run again, but this does not hold: {1} Something writes past it; release the version before on every instance, then roll back again.',
      step.title,
      step.verification?.expectation ?? '',
    ),
  );
}

function walk(run: StepRun, step: BackfillStep): Promise<BackfillProgress> {
  return runBackfill({
    ...run,
    session: run.session,
    stepId: step.id,
    spec: step.backfill,
    options: run.plan.options,
    store: run.backfillStore(step),
    holdReason: run.holdReason,
  });
}

async function holds(run: StepRun, step: BackfillStep): Promise<boolean> {
  return step.verification === null || verificationHolds(run.session, step.verification, run.signal);
}

/** The walk begins at its start again; the rows done stay counted. */
async function startOver(run: StepRun, step: BackfillStep): Promise<void> {
  if ((await loadBackfill(run.session, run.plan.id, step.id)) === null) return;
  const store = run.backfillStore(step);
  await run.session.transaction(
    async () => {
      const record = await store.lock(run.session);
      await store.checkpoint(run.session, { ...record, position: walkStart });
    },
    { signal: run.signal },
  );
}
