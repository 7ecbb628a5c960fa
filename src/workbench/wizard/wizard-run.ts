import { createRunControl } from '../../implement/run-control';
import type { RunControl, RunEvent } from '../../implement/run-event';
import type { Database } from '../../journey/database';
import type { RunRequest } from '../../journey/run';
import type { JourneyContext } from '../../journey/workspace';
import { t } from '../../messages/translate';
import type { GateKind } from '../../plan/plan';
import type { PageRequest } from '../../protocol/messages';
import type { RunView } from '../../protocol/wizard-state';
import type { OneAction } from './one-action';
import { gateTitle } from './plan-view';
import { rollBackAfterQuestion } from './roll-back';
import { takeRunEvent } from './take-run-event';
import { comingPhase, type WizardModel } from './wizard-model';
import { readInto } from './wizard-reading';
import { askGateReason } from './wizard-stations';
import type { WizardSurroundings } from './wizard-surroundings';

/** What a page asks to be done with the steps of a plan. */
export type RunRequestKind = Extract<
  PageRequest['kind'],
  'apply-next' | 'apply-phase' | 'apply-contract' | 'roll-back' | 'pause' | 'resume'
>;

/** What a person says of a step or a gate. */
export type RecordRequest = Extract<
  PageRequest,
  { kind: 'confirm-deploy' | 'shorten-wait' | 'confirm-gate' | 'waive-gate' }
>;

const runPushMilliseconds = 100;

/** Carries out the steps of a wizard's plan, and records what people say of them. */
export class WizardRun {
  private control: RunControl | null = null;
  private pushing: ReturnType<typeof setTimeout> | null = null;
  private disposed = false;

  constructor(
    private readonly model: WizardModel,
    private readonly around: WizardSurroundings,
    private readonly action: OneAction,
    private readonly view: () => RunView | null,
  ) {}

  async carryOut(kind: RunRequestKind): Promise<void> {
    switch (kind) {
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
      case 'pause':
        this.control?.pause();
        this.around.backfillState('paused');
        return;
      case 'resume':
        return this.resume();
    }
  }

  async recordAnswer(request: RecordRequest): Promise<void> {
    switch (request.kind) {
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
    }
  }

  /** Ends what runs, at its next safe place; false where nothing does. */
  cancel(): boolean {
    this.control?.cancel();
    return this.control !== null;
  }

  dispose(): void {
    this.disposed = true;
    if (this.pushing !== null) clearTimeout(this.pushing);
    this.control?.cancel();
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
    const planFolder = this.action.requireFolder();
    const control = createRunControl();
    this.control = control;
    try {
      await this.action.act(message, async (context) => {
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

  private async record(
    message: string,
    work: (context: JourneyContext, database: Database, folder: string) => Promise<unknown>,
    of: Database | null = this.around.database(),
  ): Promise<void> {
    const folder = this.action.requireFolder();
    await this.action.act(message, async (context) => {
      await this.around.exclusive((database) => work(context, database, folder), of);
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
    // What is evidence for one database is none for another.
    const of = this.around.database();
    const reason = await askGateReason(this.model, this.around, gate, title);
    if (reason === null) return;
    await this.record(
      title,
      (context, database, folder) => answer(context, database, folder, gate, reason),
      of,
    );
  }

  private onEvent(event: RunEvent): void {
    if (takeRunEvent(this.model, event)) this.around.backfillState('running');
    if (this.pushing !== null || this.disposed) return;
    this.pushing = setTimeout(() => {
      this.pushing = null;
      const run = this.view();
      if (run) this.around.post({ kind: 'run', run });
    }, runPushMilliseconds);
  }
}
