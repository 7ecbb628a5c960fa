import type { PlanAnswers } from '../../assess/plan-answers';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import type { PhaseName, Plan } from '../../plan/plan';
import type { PageRequest } from '../../protocol/messages';
import type { ChangeDraft, StationId } from '../../protocol/wizard-state';
import { changeOf } from './change-view';
import { optionProblems } from './plan-view';
import { answerInWindow } from './window-request';
import { changeInto, outlineFor, isOpen, newModel, snapshot, type WizardModel } from './wizard-model';
import { LiveSketch } from './live-sketch';
import { OneAction } from './one-action';
import { WizardRun } from './wizard-run';
import { keepInDraft, keepInPlan, takeAnswer } from './wizard-answers';
import { draftInto, loadOutline, readInto, scaffoldInto } from './wizard-reading';
import { assessInto, dryRunInto, rehearseInto, releaseInto, sampleInto, verifyInto } from './wizard-stations';
import type { WizardSurroundings } from './wizard-surroundings';

/** One wizard: takes the page's requests, calls the journey, whose code loads on first use, sends snapshots. */
export class WizardSession {
  readonly model: WizardModel;
  private disposed = false;
  /** What it shows may be of a database that the window has left. */
  private stale = false;
  private keeping: Promise<void> = Promise.resolve();
  private readonly sketch: LiveSketch;
  private readonly action: OneAction;
  private readonly run: WizardRun;

  constructor(
    private readonly around: WizardSurroundings,
    start: { draft: ChangeDraft; answers?: PlanAnswers; station: StationId; planFolder: string | null },
  ) {
    this.model = newModel(start.draft, start.station);
    this.model.planFolder = start.planFolder;
    if (start.answers) this.model.answers = start.answers;
    this.sketch = new LiveSketch(this.model, around, () => this.push());
    this.action = new OneAction(this.model, around, {
      push: () => this.push(),
      beforehand: () => this.sketch.stop(),
    });
    this.run = new WizardRun(this.model, around, this.action, () => this.snapshot().run);
  }

  /** Answers one request; a failure is shown in the page. */
  async handle(request: PageRequest): Promise<void> {
    try {
      await this.dispatch(request);
    } catch (error) {
      this.action.fail(request.kind, error);
    }
    if (this.stale && !this.model.busy) await this.refreshAfter();
    this.push();
  }

  /** The database or the trust changed: reads what depends on it again. */
  async refresh(): Promise<void> {
    if (this.model.busy) {
      this.stale = true;
      return this.push();
    }
    do {
      this.stale = false;
      await this.action.act(t('Reading the plan and the database'), async (context) =>
        readInto(this.model, this.around, context),
      );
    } while (this.stale && !this.disposed);
    if (this.model.assessment === null) this.sketch.ask();
    this.push();
  }

  /** What the action before came to is still shown. */
  private async refreshAfter(): Promise<void> {
    const { problem, notice } = this.model;
    await this.refresh();
    this.model.problem ??= problem;
    this.model.notice ??= notice;
  }

  dispose(): void {
    this.disposed = true;
    this.run.dispose();
    this.action.cancel();
    this.sketch.stop();
  }

  private async dispatch(request: PageRequest): Promise<void> {
    const { model, around } = this;
    switch (request.kind) {
      case 'ready':
        this.push();
        return this.refresh();
      case 'refresh':
        return this.refresh();
      case 'go':
        if (isOpen(model, request.station)) this.go(request.station);
        return;
      case 'edit-change':
        return this.editChange(request.draft, request.revision);
      case 'edit-options':
        return this.editOptions(request.options, request.migrationFolder);
      case 'dismiss-problem':
        model.problem = null;
        return;
      case 'pick-connection':
      case 'use-embedded':
      case 'manage-trust':
      case 'show-log':
      case 'copy':
      case 'open-file':
      case 'open-text':
      case 'open-dependent':
      case 'open-link':
      case 'open-sql':
        return answerInWindow(request, model, around);
      case 'assess':
        return this.assess();
      case 'sample-batches':
        return this.action.act(t('Trying a batch'), (context) =>
          sampleInto(this.model, this.around, context),
        );
      case 'edit-scope':
      case 'keep-scope':
      case 'confirm-prerequisite':
        if (await takeAnswer(request, model, around)) await this.keepAnswers();
        return;
      case 'create-plan':
        return this.createPlan();
      case 'scaffold':
        return this.scaffold();
      case 'dry-run':
        return this.dryRun();
      case 'release-phase':
        return this.release(request.phase);
      case 'rehearse':
        return this.rehearse();
      case 'verify':
        return this.verify();
      case 'apply-next':
      case 'apply-phase':
      case 'apply-contract':
      case 'roll-back':
      case 'pause':
      case 'resume':
        return this.run.carryOut(request.kind);
      case 'confirm-deploy':
      case 'shorten-wait':
      case 'confirm-gate':
      case 'waive-gate':
        return this.run.recordAnswer(request);
      case 'cancel':
        if (!this.run.cancel()) this.action.cancel();
        return;
    }
  }

  private go(station: StationId): void {
    this.model.station = station;
    this.model.problem = null;
    this.model.notice = null;
  }

  private async editChange(draft: ChangeDraft, revision: number): Promise<void> {
    const { model } = this;
    if (model.planFolder !== null) return;
    const { table } = model.draft;
    changeInto(model, draft, revision);
    await this.around.saveDraft(draft, model.answers);
    if (draft.table !== table) await loadOutline(this.model, this.around);
    this.sketch.ask();
  }

  private async editOptions(options: Plan['options'], folder: string): Promise<void> {
    const { model } = this;
    if (!model.plan || !model.assessment || model.planFolder !== null) return;
    model.optionProblems = optionProblems(options);
    const valid = Object.keys(model.optionProblems).length === 0;
    model.planOptions = valid ? options : model.planOptions;
    if (!valid) return;
    await this.action.act(t('Planning'), (context) => draftInto(model, this.around, context, folder));
    // Where the plan was refused, its problem is shown and the one before stands.
    model.planOptions = model.plan.options;
  }

  private async assess(): Promise<void> {
    const { model } = this;
    const change = model.plan?.change ?? changeOf(model.draft, outlineFor(model));
    if (!change)
      throw new SwitchbackError('invalid-input', t('The change is not complete. Fill in the form first.'));
    await this.action.act(t('Assessing'), async (context) => {
      await assessInto(model, this.around, context, change);
      const { notice } = model;
      this.go('assess');
      model.notice = notice;
    });
  }

  /** One after the other: leaving a field by pressing a button sends both. */
  private async keepAnswers(): Promise<void> {
    const { model, around } = this;
    if (model.planFolder === null) return keepInDraft(model, around);
    model.answersToKeep += 1;
    const keep = (): Promise<void> =>
      this.action.act(t('Recording it in plan.md'), (context) => keepInPlan(model, around, context));
    this.keeping = this.keeping.then(keep).finally(() => (model.answersToKeep -= 1));
    return this.keeping;
  }

  private async createPlan(): Promise<void> {
    await this.action.act(t('Planning'), async (context) => {
      await draftInto(this.model, this.around, context, null);
      this.go('plan');
    });
  }

  private async scaffold(): Promise<void> {
    await this.action.act(t('Writing the plan'), (context) => scaffoldInto(this.model, this.around, context));
  }

  private async dryRun(): Promise<void> {
    const folder = this.action.requireFolder();
    await this.action.act(t('Dry run'), (context) => dryRunInto(this.model, this.around, context, folder));
  }

  private async release(phase: PhaseName): Promise<void> {
    const folder = this.action.requireFolder();
    await this.action.act(t('Releasing the phase'), (context) =>
      releaseInto(this.model, this.around, context, folder, phase),
    );
  }

  private async rehearse(): Promise<void> {
    const folder = this.action.requireFolder();
    const { station } = this.model;
    await this.action.act(t('Rehearsing the rollback'), async (context) => {
      await rehearseInto(this.model, this.around, context, folder);
      // Who went elsewhere meanwhile stays there.
      if (this.model.station === station) this.go('verify');
    });
  }

  private async verify(): Promise<void> {
    const folder = this.action.requireFolder();
    const { station } = this.model;
    await this.action.act(t('Verifying'), async (context) => {
      await verifyInto(this.model, this.around, context, folder);
      // Who went elsewhere meanwhile stays there.
      if (this.model.station === station) this.go('verify');
    });
  }

  private snapshot(): ReturnType<typeof snapshot> {
    return snapshot(this.model, {
      database: this.around.database(),
      trusted: this.around.trusted(),
      root: this.around.root,
    });
  }

  private push(): void {
    if (this.disposed) return;
    const panel = { ...this.around.identity(), station: this.model.station };
    this.around.post({ kind: 'state', state: this.snapshot(), panel });
  }
}
