import type { JourneyContext } from '../../journey/workspace';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import type { WizardModel } from './wizard-model';
import type { WizardSurroundings } from './wizard-surroundings';

/** The one action a wizard does at a time, with its progress in the page. */
export class OneAction {
  private abort: AbortController | null = null;

  constructor(
    private readonly model: WizardModel,
    private readonly around: WizardSurroundings,
    private readonly page: { push(): void; beforehand(): void },
  ) {}

  /** Does the work; its failure is shown in the page. Throws `usage` while another one runs. */
  async act(message: string, work: (context: JourneyContext) => Promise<void>): Promise<void> {
    const { model, page } = this;
    if (model.busy)
      throw new SwitchbackError(
        'usage',
        t('Something else is still running: {0}. Wait for it, or stop it.', model.busy.message),
      );
    page.beforehand();
    const abort = new AbortController();
    this.abort = abort;
    model.busy = { message, share: null, cancellable: true };
    model.problem = null;
    model.notice = null;
    page.push();
    try {
      const context = await this.around.context(
        {
          report: (update) => {
            model.busy = { message: update.message, share: update.share ?? null, cancellable: true };
            page.push();
          },
        },
        abort.signal,
      );
      await work(context);
    } catch (error) {
      this.fail(message, error);
    } finally {
      this.abort = null;
      model.busy = null;
    }
  }

  /** Says in the page what could not be done; nothing of what the user has ended. */
  fail(what: string, error: unknown): void {
    const sentence = this.around.report(what, error);
    if (sentence !== null) this.model.problem = { sentence, station: this.model.station };
  }

  cancel(): void {
    this.abort?.abort();
  }

  /** Folder of the plan. Throws `not-found` for a plan that is not on disk. */
  requireFolder(): string {
    if (this.model.planFolder !== null) return this.model.planFolder;
    throw new SwitchbackError('not-found', t('The plan is not on disk yet. Scaffold it first.'));
  }
}
