import type { RunEvent } from '../../implement/run-event';
import { clockTime } from '../format';
import { logEntry } from './run-view';
import type { WizardModel } from './wizard-model';

const maximumLogLines = 300;

/** Takes what a run says into the model; true when a backfill has begun with it. */
export function takeRunEvent(model: WizardModel, event: RunEvent): boolean {
  const begun = event.kind === 'backfill' && model.backfill === null;
  if (event.kind === 'backfill') model.backfill = { step: event.step, progress: event.progress };
  if (event.kind === 'step' && model.standing) {
    const step = model.standing.progress.steps.find((item) => item.id === event.step);
    if (step) step.state = event.state;
  }
  const entry = logEntry(event, clockTime(new Date()));
  if (entry) model.log = [...model.log, entry].slice(-maximumLogLines);
  return begun;
}
