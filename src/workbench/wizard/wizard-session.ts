import type { PlanAnswers } from '../../assess/plan-answers';
import type { RunEvent, RunControl } from '../../implement/run-event';
import { createRunControl } from '../../implement/run-control';
import type { Database } from '../../journey/database';
import type { RunRequest } from '../../journey/run';
import type { JourneyContext } from '../../journey/workspace';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import type { GateKind, PhaseName, Plan } from '../../plan/plan';
import type { PageRequest } from '../../protocol/messages';
import type { ChangeDraft, StationId } from '../../protocol/wizard-state';
import { changeOf } from './change-view';
import { gateTitle, optionProblems } from './plan-view';
import { rollBackAfterQuestion } from './roll-back';
import { takeRunEvent } from './take-run-event';
import { answerInWindow } from './window-request';
import {
  changeInto,
  outlineFor,
  comingPhase,
  isOpen,
  newModel,
  snapshot,
  type WizardModel,
} from './wizard-model';
import { LiveSketch } from './live-sketch';
import { keepInDraft, keepInPlan, takeAnswer } from './wizard-answers';
import { draftInto, loadOutline, readInto, scaffoldInto } from './wizard-reading';
import {
  askGateReason,
  assessInto,
  dryRunInto,
  rehearseInto,
  releaseInto,
  sampleInto,
  verifyInto,
} from './wizard-stations';
import type { WizardSurroundings } from './wizard-surroundings';

const runPushMilliseconds = 100;

/** One wizard: takes the page's requests, calls the journey, whose code loads on first use, sends snapshots. */
export class WizardSession {
  readonly model: WizardModel;
  private control: RunControl | null = null;
  private abort: AbortController | null = null;
  private runPush: ReturnType<typeof setTimeout> | null = null;
  private disposed = false;
  private keeping: Promise<void> = Promise.resolve();
  private readonly sketch: LiveSketch;

  constructor(
    private readonly around: WizardSurroundings,
    start: { draft: ChangeDraft; answers?: PlanAnswers; station: StationId; planFolder: string | null },
  ) {
    this.model = newModel(start.draft, start.station);
    this.model.planFolder = start.planFolder;
    if (start.answers) this.model.answers = start.answers;
    this.sketch = new LiveSketch(this.model, around, () => this.push());
  }

  /** Answers one request; a failure is shown in the page. */
  async handle(request: PageRequest): Promise<void> {
    try {
      await this.dispatch(request);
    } catch (error) {
      this.fail(request.kind, error);
    }
    this.push();
  }

  /** The database or the trust changed: reads what depends on it again. */
  async refresh(): Promise<void> {
    if (this.model.busy) return this.push();
    await this.act(t('Reading the plan and the database'), async (context) =>
      readInto(this.model, this.around, context),
    );
    if (this.model.assessment === null) this.sketch.ask();
    this.push();
  }

  dispose(): void {
    this.disposed = true;
    if (this.runPush !== null) clearTimeout(this.runPush);
    this.control?.cancel();
    this.abort?.abort();
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
        return this.act(t('Trying a batch'), (context) => sampleInto(this.model, this.around, context));
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
      case 'apply-next':
        return this.run(t('Applying the next step'), (context, run) => this.applyNext(context, run));
      case 'apply-phase':
        return this.run(t('Applying the phase'), async (context, run) =>
          (await import('../../journey/apply')).applyPhase(context, run, comingPhase(this.model)),
        );
      case 'apply-contract':
        return this.run(t('Applying contract'), async (context, run) =>
          (await import('../../journey/apply')).applyPhase(context, run, 'contract'),
        );
      case 'roll-back':
        return this.run(t('Rolling back'), (context, run) => this.rollBack(context, run));
      case 'release-phase':
        return this.release(request.phase);
      case 'confirm-deploy':
        return this.record(t('Recording the deployment'), async (context, database, folder) =>
          (await import('../../journey/confirm')).confirmDeploy(context, database, folder, request.step),
        );
      case 'shorten-wait':
        return this.record(t('Shortening the wait'), async (context, database, folder) =>
          (await import('../../journey/confirm')).shortenWait(context, database, folder, request.step),
        );
      case 'confirm-gate':
        return this.answerGate(
          request.gate as GateKind,
          t('Confirm: {0}', gateTitle(request.gate as GateKind)),
          async (...of) => (await import('../../journey/confirm')).confirmGate(...of),
        );
      case 'waive-gate':
        return this.answerGate(
          request.gate as GateKind,
          t('Waive: {0}', gateTitle(request.gate as GateKind)),
          async (...of) => (await import('../../journey/confirm')).waiveGate(...of),
        );
      case 'rehearse':
        return this.rehearse();
      case 'verify':
        return this.verify();
      case 'pause':
        this.control?.pause();
        this.around.backfillState('paused');
        return;
      case 'resume':
        return this.resume();
      case 'cancel':
        if (this.control) this.control.cancel();
        else this.abort?.abort();
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
    await this.act(t('Planning'), (context) => draftInto(model, this.around, context, folder));
    // Where the plan was refused, its problem is shown and the one before stands.
    model.planOptions = model.plan.options;
  }

  private async assess(): Promise<void> {
    const { model } = this;
    const change = model.plan?.change ?? changeOf(model.draft, outlineFor(model));
    if (!change)
      throw new SwitchbackError('invalid-input', t('The change is not complete. Fill in the form first.'));
    await this.act(t('Assessing'), async (context) => {
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
      this.act(t('Recording it in plan.md'), (context) => keepInPlan(model, around, context));
    this.keeping = this.keeping.then(keep).finally(() => (model.answersToKeep -= 1));
    return this.keeping;
  }

  private async createPlan(): Promise<void> {
    await this.act(t('Planning'), async (context) => {
      await draftInto(this.model, this.around, context, null);
      this.go('plan');
    });
  }

  private async scaffold(): Promise<void> {
    await this.act(t('Writing the plan'), (context) => scaffoldInto(this.model, this.around, context));
  }

  private async dryRun(): Promise<void> {
    const folder = this.requireFolder();
    await this.act(t('Dry run'), (context) => dryRunInto(this.model, this.around, context, folder));
  }

  private async applyNext(context: JourneyContext, run: RunRequest): Promise<unknown> {
    return this.model.standing?.next?.kind === 'backfill'
      ? (await import('../../journey/apply')).runBackfillStep(context, run)
      : (await import('../../journey/apply')).applyNextStep(context, run);
  }

  private async rollBack(context: JourneyContext, run: RunRequest): Promise<unknown> {
    const { standing } = this.model;
    return standing && rollBackAfterQuestion(context, run, standing);
  }

  private async run(
    message: string,
    work: (context: JourneyContext, run: RunRequest) => Promise<unknown>,
  ): Promise<void> {
    const planFolder = this.requireFolder();
    const control = createRunControl();
    this.control = control;
    try {
      await this.act(message, async (context) => {
        try {
          await this.around.exclusive((database) =>
            work(context, { database, planFolder, control, onEvent: (event) => this.onEvent(event) }),
          );
        } finally {
          this.model.backfill = null;
          this.around.backfillState('none');
          this.around.changed();
          await readInto(this.model, this.around, context);
        }
      });
    } finally {
      this.control = null;
    }
  }

  private async resume(): Promise<void> {
    if (this.control) {
      this.control.resume();
      this.around.backfillState('running');
      return;
    }
    // Paused by another window or before a restart: its checkpoint says where to go on.
    await this.run(t('Resuming the backfill'), async (context, run) =>
      (await import('../../journey/apply')).runBackfillStep(context, run),
    );
  }

  private onEvent(event: RunEvent): void {
    const { model } = this;
    if (takeRunEvent(model, event)) this.around.backfillState('running');
    if (this.runPush !== null || this.disposed) return;
    this.runPush = setTimeout(() => {
      this.runPush = null;
      const state = this.snapshot();
      if (state.run) this.around.post({ kind: 'run', run: state.run });
    }, runPushMilliseconds);
  }

  private async release(phase: PhaseName): Promise<void> {
    const folder = this.requireFolder();
    await this.act(t('Releasing the phase'), (context) =>
      releaseInto(this.model, this.around, context, folder, phase),
    );
  }

  private async record(
    message: string,
    work: (context: JourneyContext, database: Database, folder: string) => Promise<unknown>,
  ): Promise<void> {
    const folder = this.requireFolder();
    await this.act(message, async (context) => {
      await this.around.exclusive((database) => work(context, database, folder));
      this.around.changed();
      await readInto(this.model, this.around, context);
    });
  }

  private async answerGate(
    gate: GateKind,
    title: string,
    answer: (
      context: JourneyContext,
      database: Database,
      folder: string,
      gate: GateKind,
      reason: string,
    ) => Promise<unknown>,
  ): Promise<void> {
    const reason = await askGateReason(this.model, this.around, gate, title);
    if (reason === null) return;
    await this.record(title, (context, database, folder) => answer(context, database, folder, gate, reason));
  }

  private async rehearse(): Promise<void> {
    const folder = this.requireFolder();
    const { station } = this.model;
    await this.act(t('Rehearsing the rollback'), async (context) => {
      await rehearseInto(this.model, this.around, context, folder);
      // Who went elsewhere meanwhile stays there.
      if (this.model.station === station) this.go('verify');
    });
  }

  private async verify(): Promise<void> {
    const folder = this.requireFolder();
    const { station } = this.model;
    await this.act(t('Verifying'), async (context) => {
      await verifyInto(this.model, this.around, context, folder);
      // Who went elsewhere meanwhile stays there.
      if (this.model.station === station) this.go('verify');
    });
  }

  private requireFolder(): string {
    if (this.model.planFolder !== null) return this.model.planFolder;
    throw new SwitchbackError('not-found', t('The plan is not on disk yet. Scaffold it first.'));
  }

  /** Runs one action at a time, with progress in the page; its failure is shown there too. */
  private async act(message: string, work: (context: JourneyContext) => Promise<void>): Promise<void> {
    const { model } = this;
    if (model.busy)
      throw new SwitchbackError(
        'usage',
        t('Something else is still running: {0}. Wait for it, or stop it.', model.busy.message),
      );
    this.sketch.stop();
    const abort = new AbortController();
    this.abort = abort;
    model.busy = { message, share: null, cancellable: true };
    model.problem = null;
    model.notice = null;
    this.push();
    try {
      const context = await this.around.context(
        {
          report: (update) => {
            model.busy = { message: update.message, share: update.share ?? null, cancellable: true };
            this.push();
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

  private fail(what: string, error: unknown): void {
    const sentence = this.around.report(what, error);
    if (sentence !== null) this.model.problem = { sentence, station: this.model.station };
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
