import type { PlanStanding } from '../../journey/outcomes';
import { phaseTitle } from '../../documents/phase-title';
import { t } from '../../messages/translate';
import type { RunEvent } from '../../implement/run-event';
import {
  phaseOf,
  stepsOf,
  type BackfillProgress,
  type Gate,
  type PlanProgress,
  type Step,
  type StepProgress,
} from '../../plan/plan';
import { isPastReturn, stepsToRollBack, waitEndsAt } from '../../plan/plan-state';
import type { Tone } from '../../protocol/facts';
import type {
  BackfillView,
  ContractView,
  GateView,
  LogEntry,
  RunStepView,
  RunView,
} from '../../protocol/wizard-state';
import { count, duration, moment } from '../format';
import { planStateWord } from '../../documents/plan-state-word';
import { rowRateText, rowsText } from '../../templates/rows-text';
import { daysText } from '../../templates/duration-text';
import { gateTitle, phaseView, pointOfNoReturn, stepKindWord } from './plan-view';

export interface RunViewRequest {
  standing: PlanStanding;
  /** How messages name the database; null without one. */
  database: string | null;
  /** Newest numbers of the backfill that runs in this window. */
  backfill: { step: string; progress: BackfillProgress } | null;
  dryRun: RunView['dryRun'];
  log: readonly LogEntry[];
}

function stateSentence({ standing: { progress }, database }: RunViewRequest, finished: number): string {
  const state = planStateWord(progress.state);
  const where = database ?? t('no connected database');
  return progress.steps.length === 1
    ? t('{0}: {1} of 1 step done on {2}.', state, finished, where)
    : t('{0}: {1} of {2} steps done on {3}.', state, finished, progress.steps.length, where);
}

/** What the Implement station shows. */
export function runView(request: RunViewRequest): RunView {
  const { standing } = request;
  const { plan, progress, next } = standing;
  const finished = progress.steps.filter((step) => step.state === 'done' || step.state === 'skipped').length;
  const inContract = next !== null && phaseOf(plan, next.id)?.name === 'contract';
  return {
    state: stateSentence(request, finished),
    next: next?.id ?? null,
    nextHint: nextHint(next, inContract),
    hindrance:
      request.database === null
        ? t('Connect to a database to run the plan.')
        : hindrance(standing, inContract),
    steps: runSteps(standing, (phase) => phase !== 'contract', request.backfill),
    backfill: backfillView(request),
    releasable: inContract ? null : standing.needsRelease,
    dryRun: request.dryRun,
    canRollBack: stepsToRollBack(plan, progress).length > 0 && !isPastReturn(plan, progress),
    log: [...request.log],
  };
}

function nextHint(next: Step | null, inContract: boolean): string {
  if (next === null) return t('Every step is done.');
  if (inContract) return t('Expand and migrate are done. Verify, then go on to Contract.');
  return t('Next: {0}', next.title);
}

function hindrance(standing: PlanStanding, inContract: boolean): string | null {
  const { next, needsRelease, gates } = standing;
  if (next === null || inContract) return null;
  if (needsRelease !== null)
    return t('The files of phase {0} are held back. Release the phase first.', phaseTitle(needsRelease));
  if (next.kind === 'wait' && !isOver(standing, next)) {
    return t(
      '"{0}" is not over. On a database that is not production it can be shortened in Contract.',
      next.title,
    );
  }
  if (next.kind === 'deploy') return t('Release the application, then confirm the deployment.');
  const closed = gates.filter((gate) => gate.state === 'failed' || gate.state === 'unknown');
  if (closed.length > 0) {
    return t(
      'Not held yet: {0}. Rehearse, confirm or waive.',
      closed.map((gate) => gateTitle(gate.kind)).join(', '),
    );
  }
  return null;
}

function isOver({ plan, progress }: PlanStanding, step: Step): boolean {
  const end = waitEndsAt(plan, progress, step.id);
  return end !== null && end.getTime() <= Date.now();
}

function runSteps(
  standing: PlanStanding,
  wanted: (phase: string) => boolean,
  backfill: RunViewRequest['backfill'] = null,
): RunStepView[] {
  const states = new Map(standing.progress.steps.map((step) => [step.id, step]));
  return standing.plan.phases
    .filter((phase) => wanted(phase.name))
    .flatMap((phase) => phase.steps.map((step) => ({ phase, step })))
    .map(({ phase, step }) => {
      const progress = states.get(step.id);
      const isNext = standing.next?.id === step.id;
      return {
        id: step.id,
        title: step.title,
        kind: stepKindWord(step.kind),
        phase: phaseTitle(phase.name),
        state: shownState(step, progress, backfill),
        detail: stepDetail(step, progress, standing),
        error: progress?.error ?? null,
        instructions: step.kind === 'deploy' ? step.instructions : null,
        gates: isNext
          ? standing.gates.filter((gate) => gate.kind !== 'deployed' || step.kind !== 'deploy').map(gateView)
          : [],
      };
    });
}

/** The step of a backfill that is paused in this window says so, though its run has not ended. */
function shownState(
  step: Step,
  progress: StepProgress | undefined,
  backfill: RunViewRequest['backfill'],
): StepProgress['state'] {
  if (!progress) return 'blocked';
  const paused = backfill?.step === step.id && backfill.progress.state === 'paused';
  return progress.state === 'running' && paused ? 'paused' : progress.state;
}

function stepDetail(step: Step, progress: StepProgress | undefined, standing: PlanStanding): string {
  if (progress?.finishedAt) {
    return progress.by
      ? t('{0}, by {1}', moment(progress.finishedAt), progress.by)
      : moment(progress.finishedAt);
  }
  if (progress?.startedAt) return t('Started {0}', moment(progress.startedAt));
  if (step.kind === 'wait') {
    const end = waitEndsAt(standing.plan, standing.progress, step.id);
    return end ? t('Over on {0}', moment(end.toISOString())) : daysText(step.days);
  }
  return '';
}

/** Gates a person answers for; the others are read from the database. */
const confirmable = new Set<Gate['kind']>(['backup', 'staging-run', 'approval', 'quiet-hours', 'disk']);

function gateView(gate: Gate): GateView {
  const open = gate.state === 'held' || gate.state === 'waived';
  return {
    kind: gate.kind,
    title: gateTitle(gate.kind),
    state: gate.state,
    reason: gate.reason,
    canConfirm: !open && confirmable.has(gate.kind),
    canWaive: !open,
  };
}

function backfillView({ standing, backfill }: RunViewRequest): BackfillView | null {
  const recorded = standing.progress.steps.find((step) => step.backfill !== null && step.state !== 'done');
  const current =
    backfill ?? (recorded?.backfill ? { step: recorded.id, progress: recorded.backfill } : null);
  if (!current) return null;
  const { progress } = current;
  const total = Math.max(progress.rowsTotal, progress.rowsDone);
  return {
    step: current.step,
    state: progress.state,
    share: progress.state === 'done' ? 1 : total === 0 ? 0 : Math.min(1, progress.rowsDone / total),
    rows: t('{0} of {1}', count(progress.rowsDone), count(total)),
    rate: progress.rowsPerSecond === null ? '' : rowRateText(progress.rowsPerSecond),
    remaining: progress.remainingMilliseconds === null ? '' : duration(progress.remainingMilliseconds),
    batch:
      progress.batchMilliseconds === null
        ? rowsText(progress.batchRows)
        : t('{0} in {1}', rowsText(progress.batchRows), duration(progress.batchMilliseconds)),
  };
}

/** What the Contract station shows; null for a plan without that phase. */
export function contractView(standing: PlanStanding, production: boolean): ContractView | null {
  const { plan, progress, next, needsRelease } = standing;
  const phase = plan.phases.find((item) => item.name === 'contract');
  if (!phase) return null;
  const reached = next === null || phase.steps.some((step) => step.id === next.id);
  const last = phase.steps.length > 0 ? phase.steps : stepsOf(plan);
  const done = last.every((step) => isDone(progress, step.id));
  return {
    waits: stepsOf(plan)
      .filter((step) => step.kind === 'wait' || step.kind === 'deploy')
      .map((step) => ({
        step: step.id,
        title: step.title,
        state: waitState(standing, step),
        tone: waitTone(progress, step),
        canShorten: step.kind === 'wait' && !production && !isDone(progress, step.id),
      })),
    pointOfNoReturn: pointOfNoReturn(plan),
    phase: phaseView(phase),
    steps: runSteps(standing, (name) => name === 'contract'),
    hindrance: reached ? null : t('Comes after {0}.', next.title),
    released: needsRelease !== 'contract' && reached,
    done,
  };
}

function isDone(progress: PlanProgress, step: string): boolean {
  const state = progress.steps.find((item) => item.id === step)?.state;
  return state === 'done' || state === 'skipped';
}

function waitState(standing: PlanStanding, step: Step): string {
  if (isDone(standing.progress, step.id)) return step.kind === 'wait' ? t('Over') : t('Deployed');
  if (step.kind !== 'wait') return t('Not deployed');
  const end = waitEndsAt(standing.plan, standing.progress, step.id);
  return end ? t('Until {0}', moment(end.toISOString())) : t('Not begun');
}

function waitTone(progress: PlanProgress, step: Step): Tone {
  return isDone(progress, step.id) ? 'good' : 'notice';
}

/** One line of the log for an event; null for events that only move the progress bar. */
export function logEntry(event: RunEvent, at: string): LogEntry | null {
  switch (event.kind) {
    case 'step':
      return {
        at,
        step: event.step,
        text:
          event.milliseconds === null
            ? event.message
            : t('{0} ({1})', event.message, duration(event.milliseconds)),
        tone: event.state === 'failed' ? 'bad' : event.state === 'done' ? 'good' : 'neutral',
      };
    case 'lock-wait':
      return {
        at,
        step: event.step,
        text: t(
          'Try {0} gave up its place in the lock queue; in front: {1}. Tries again in {2}.',
          event.attempt,
          event.blockers.join(', ') || t('unknown'),
          duration(event.retryInMilliseconds),
        ),
        tone: 'notice',
      };
    case 'vacuum':
      return {
        at,
        step: event.step,
        text: t('{0} ({1})', event.message, duration(event.milliseconds)),
        tone: 'neutral',
      };
    case 'note':
      return { at, step: event.step, text: event.message, tone: 'neutral' };
    case 'backfill':
      return null;
  }
}
