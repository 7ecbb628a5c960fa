import { saveRate } from '../database/evidence-store';
import { isSwitchbackError, SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { waitEndsAt } from '../plan/plan-state';
import type {
  BackfillStep,
  CheckStep,
  DeployStep,
  PlanProgress,
  SqlStep,
  Step,
  WaitStep,
} from '../plan/plan';
import { formatQualifiedName } from '../sql/identifier';
import { daysText } from '../templates/duration-text';
import type { BackfillStore } from './backfill-store';
import { assertMayRun } from './may-run';
import { clearDirty, runMigrationFile, type FileRun } from './migration-file';
import { readFileState } from './file-state';
import { runOutsideTransaction } from './outside-transaction';
import type { HeldRun, ReleasedFile } from './run-context';
import { runCheck, verificationHolds, verifyStep } from './verification';
import { wholeBackfill } from './whole-backfill';

export interface StepRun extends HeldRun {
  progress: PlanProgress;
  backfillStore(step: BackfillStep): BackfillStore;
  holdReason?: () => Promise<string | null>;
}

/** What carrying out one step came to. */
export interface StepOutcome {
  /** `switchback`, `tool`, or the person who confirmed it. */
  by: string;
  message: string;
}

/**
 * Carries out one step whose gates hold and proves its effect. What the catalog or the tool's history shows as
 * done is not done again. Throws the reason where it did not succeed; the step is `failed` or `paused` then, and
 * `ready` still where it only waits for a person or a date.
 */
export async function runStep(run: StepRun, step: Step): Promise<StepOutcome> {
  const started = performance.now();
  run.onEvent({ kind: 'step', step: step.id, state: 'running', milliseconds: null, message: step.title });
  try {
    const outcome = await carryOut(run, step);
    const milliseconds = Math.round(performance.now() - started);
    run.onEvent({ kind: 'step', step: step.id, state: 'done', milliseconds, message: outcome.message });
    return outcome;
  } catch (error) {
    await recordFailure(run, step, error, Math.round(performance.now() - started));
    throw error;
  }
}

function carryOut(run: StepRun, step: Step): Promise<StepOutcome> {
  switch (step.kind) {
    case 'migration':
      return migrationStep(run, step);
    case 'concurrent':
    case 'vacuum':
      return outsideStep(run, step);
    case 'backfill':
      return backfillStep(run, step);
    case 'deploy':
      return deployStep(run, step);
    case 'check':
      return checkStep(run, step);
    case 'wait':
      return waitStep(run, step);
  }
}

async function migrationStep(run: StepRun, step: SqlStep): Promise<StepOutcome> {
  const file = await run.released(step);
  if (file === null) {
    throw new SwitchbackError(
      'not-found',
      t('"{0}" has no file in {1} yet. Release its phase first.', step.title, run.plan.layout.folder),
    );
  }
  return fileStep(run, step, file);
}

async function fileStep(run: StepRun, step: SqlStep, file: ReleasedFile): Promise<StepOutcome> {
  const began = run.progress.steps.find((progress) => progress.id === step.id)?.startedAt != null;
  const state = await readFileState(run.session, file);
  if (state === 'applied') return byTool(run, step, file);
  if (
    state === 'dirty' &&
    began &&
    step.verification !== null &&
    (await verificationHolds(run.session, step.verification, run.signal))
  ) {
    await clearDirty(fileRun(run, step, file), 'up');
    return finish(
      run,
      step,
      'switchback',
      t('It had been committed before the connection broke; its history is in order again.'),
    );
  }
  if (!(state === 'dirty' && began)) await assertMayRun(run.session, file, 'up');
  await intend(run, step);
  const milliseconds = await runMigrationFile(fileRun(run, step, file), 'up');
  await verifyStep(run.session, step, run.signal);
  return {
    by: 'switchback',
    message: t('Migration {0} applied in {1} ms', file.migration.version, milliseconds),
  };
}

/** The team's tool, or an earlier step of the same file, was first: what counts is the effect. */
async function byTool(run: StepRun, step: SqlStep, file: ReleasedFile): Promise<StepOutcome> {
  await verifyStep(run.session, step, run.signal);
  return finish(
    run,
    step,
    'tool',
    t('Migration {0} had been applied by {1}; its effect holds', file.migration.version, file.layout.title),
  );
}

function fileRun(run: StepRun, step: SqlStep, file: ReleasedFile): FileRun {
  return {
    ...run,
    stepId: step.id,
    file,
    lockTimeoutMilliseconds: run.plan.options.lockTimeoutMilliseconds,
    alsoRecord: async (session) => {
      await run.records.lock(session);
      await run.records.set(session, step.id, { state: 'done', by: 'switchback', error: null });
    },
  };
}

async function outsideStep(run: StepRun, step: SqlStep): Promise<StepOutcome> {
  const file = step.kind === 'concurrent' ? await run.released(step) : null;
  if (file !== null) return fileStep(run, step, file);
  await intend(run, step);
  const { lockTimeoutMilliseconds } = run.plan.options;
  await runOutsideTransaction({ ...run, stepId: step.id, lockTimeoutMilliseconds }, step.forward);
  await verifyStep(run.session, step, run.signal);
  return finish(run, step, 'switchback', step.title);
}

async function backfillStep(run: StepRun, step: BackfillStep): Promise<StepOutcome> {
  await intend(run, step);
  const progress = await wholeBackfill(run, step);
  await verifyStep(run.session, step, run.signal);
  if (progress.rowsPerSecond !== null) {
    const relation = formatQualifiedName(step.backfill.table);
    await saveRate(run.session, {
      kind: 'backfill',
      relation,
      bytesPerSecond: null,
      rowsPerSecond: progress.rowsPerSecond,
    });
  }
  const { rowsDone } = progress;
  return finish(run, step, 'switchback', rowsDone === 1 ? t('1 row done') : t('{0} rows done', rowsDone));
}

/** Only a person knows that the application is released: what the database shows held before it, too. */
async function deployStep(run: StepRun, step: DeployStep): Promise<StepOutcome> {
  const confirmation = run.confirmations.get(step.id);
  if (!confirmation) {
    throw new SwitchbackError(
      'confirmation-needed',
      t('"{0}" is for the application: {1} Confirm it when that is released.', step.title, step.instructions),
    );
  }
  await verifyStep(run.session, step, run.signal);
  return finish(run, step, confirmation.by, t('Confirmed by {0} on {1}', confirmation.by, confirmation.at));
}

async function checkStep(run: StepRun, step: CheckStep): Promise<StepOutcome> {
  await intend(run, step);
  for (const check of step.checks) {
    const result = await runCheck(run.session, check, run.signal);
    if (!result.holds) {
      throw new SwitchbackError(
        'verification-failed',
        t('"{0}" does not hold: {1}', check.title, result.detail || t('the query says no')),
      );
    }
    run.onEvent({
      kind: 'note',
      step: step.id,
      message: t('{0}: {1}', check.title, result.detail || t('holds')),
    });
  }
  await verifyStep(run.session, step, run.signal);
  const checks = step.checks.length;
  return finish(run, step, 'switchback', checks === 1 ? t('1 check holds') : t('{0} checks hold', checks));
}

async function waitStep(run: StepRun, step: WaitStep): Promise<StepOutcome> {
  const endsAt = waitEndsAt(run.plan, run.progress, step.id);
  const now = run.clock.now();
  if (endsAt === null || endsAt.getTime() <= now.getTime()) {
    return finish(run, step, 'switchback', t('The wait of {0} is over', daysText(step.days)));
  }
  if (run.shortenWaits && run.environment !== 'production') {
    return finish(
      run,
      step,
      run.by,
      t('The wait until {0} was ended early by {1}', endsAt.toISOString(), run.by),
    );
  }
  throw new SwitchbackError(
    'gate-not-held',
    t('"{0}" lasts until {1}: {2} Come back then.', step.title, endsAt.toISOString(), step.why),
    { details: { until: endsAt.toISOString() } },
  );
}

/** Commits that the step is begun, before anything that cannot be taken back by a rollback. */
async function intend(run: StepRun, step: Step): Promise<void> {
  await inTransaction(run, () => run.records.intend(run.session, step.id));
}

async function finish(run: StepRun, step: Step, by: string, message: string): Promise<StepOutcome> {
  await inTransaction(run, () => run.records.set(run.session, step.id, { state: 'done', by, error: null }));
  return { by, message };
}

async function inTransaction(run: HeldRun, work: () => Promise<void>): Promise<void> {
  await run.session.transaction(async () => {
    await run.records.lock(run.session);
    await work();
  });
}

/** Waiting for a person or a date is no failure; a lost connection cannot be written down, the catalog decides then. */
async function recordFailure(run: StepRun, step: Step, error: unknown, milliseconds: number): Promise<void> {
  if (isSwitchbackError(error, 'confirmation-needed') || isSwitchbackError(error, 'gate-not-held')) {
    run.onEvent({ kind: 'step', step: step.id, state: 'ready', milliseconds, message: error.sentence });
    return;
  }
  const state = isSwitchbackError(error, 'cancelled') ? 'paused' : 'failed';
  const sentence = isSwitchbackError(error)
    ? error.sentence
    : t('An unexpected error stopped the step. See the log.');
  run.onEvent({ kind: 'step', step: step.id, state, milliseconds, message: sentence });
  if (run.session.lost.aborted || isSwitchbackError(error, 'fenced-off')) return;
  await inTransaction(run, () =>
    run.records.set(run.session, step.id, { state, by: 'switchback', error: sentence }),
  );
}
