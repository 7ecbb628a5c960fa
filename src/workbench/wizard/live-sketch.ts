import type { Change } from '../../assess/change';
import { isSwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { silentProgress } from '../../ports/progress';
import { changeOf } from './change-view';
import { outlineFor, type WizardModel } from './wizard-model';
import type { WizardSurroundings } from './wizard-surroundings';

/** A pause in typing, ms. */
const pauseMilliseconds = 400;
/** Longer than this nobody looks at a form, ms: a large table may have rows to be looked through. */
const longestMilliseconds = 3000;

/** Keeps, beside the form, what a plan of its change would do on the connected database. */
export class LiveSketch {
  private timer: ReturnType<typeof setTimeout> | null = null;
  private abort: AbortController | null = null;

  constructor(
    private readonly model: WizardModel,
    private readonly around: WizardSurroundings,
    private readonly shown: () => void,
  ) {}

  /** The form has changed: what was sketched is of another change. */
  ask(): void {
    this.stop();
    this.model.sketch = null;
    const change = changeOf(this.model.draft, outlineFor(this.model));
    if (change === null || this.around.database() === null || this.model.planFolder !== null) return;
    this.timer = setTimeout(() => void this.read(change), pauseMilliseconds);
  }

  /** Somebody does something else with the database. */
  stop(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.abort?.abort();
    this.abort = null;
  }

  private async read(change: Change): Promise<void> {
    const { model, around } = this;
    if (model.busy) return;
    const abort = new AbortController();
    this.abort = abort;
    const limit = AbortSignal.timeout(around.sketchMilliseconds ?? longestMilliseconds);
    try {
      const { sketchPlan } = await import('../../journey/sketch-plan');
      const context = await around.context(silentProgress(), AbortSignal.any([abort.signal, limit]));
      const sketch = await around.exclusive((database) =>
        sketchPlan(context, database, change, model.planOptions),
      );
      if (!abort.signal.aborted) model.sketch = { ...sketch, note: null };
    } catch (error) {
      if (!abort.signal.aborted) model.sketch = { plan: null, blockers: [], note: noteOf(error, limit) };
    }
    if (!abort.signal.aborted) this.shown();
  }
}

function noteOf(error: unknown, limit: AbortSignal): string {
  if (limit.aborted) return t('Reading this takes more than a moment. Assess shows it.');
  if (isSwitchbackError(error)) return error.sentence;
  return t('What it would do could not be read. Assess says why.');
}
