import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { report, type BackfillRun } from './backfill-run';

const holdCheckMilliseconds = 1000;

/** Waits until the user goes on. Throws `cancelled`. */
export async function waitWhilePaused(run: BackfillRun): Promise<void> {
  if (run.control.state === 'paused') {
    await run.store.setState(run.session, 'paused', null);
    report(run, 'paused');
    await untilRunning(run);
    await run.store.setState(run.session, 'running', null);
    report(run, 'running');
  }
  await untilRunning(run);
}

async function untilRunning(run: BackfillRun): Promise<void> {
  if (run.signal.aborted) throw stopped();
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(stopped());
    run.signal.addEventListener('abort', stop, { once: true });
  });
  try {
    await Promise.race([run.control.whenRunning(), aborted]);
  } finally {
    run.signal.removeEventListener('abort', stop);
  }
}

/** Waits while a reason to hold stands, looked at once a second. Throws `cancelled`. */
export async function waitWhileHolding(run: BackfillRun): Promise<void> {
  if (!run.holdReason || performance.now() - run.lastHoldCheck < holdCheckMilliseconds) return;
  let reason = await run.holdReason();
  run.lastHoldCheck = performance.now();
  if (reason === null) return;
  await run.store.setState(run.session, 'holding', reason);
  while (reason !== null) {
    run.onEvent({ kind: 'note', step: run.stepId, message: t('Holding: {0}', reason) });
    report(run, 'holding');
    await run.clock.sleep(holdCheckMilliseconds, run.signal);
    await untilRunning(run);
    reason = await run.holdReason();
  }
  run.lastHoldCheck = performance.now();
  await run.store.setState(run.session, 'running', null);
  report(run, 'running');
}

/** What a backfill that is stopped throws. */
export function stopped(): SwitchbackError {
  return new SwitchbackError(
    'cancelled',
    t('The backfill was stopped. What was committed stays; resume it to go on from there.'),
  );
}
