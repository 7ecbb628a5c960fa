import type { Difference } from '../catalog/compare';
import { t } from '../messages/translate';
import type { Progress } from '../ports/progress';
import type { Shadow } from '../shadow/shadow';
import type { MigrationRehearsal, Rehearsal } from './rehearsal';
import { defaultWatchdogMilliseconds } from './rehearse';
import { isEmptyScript, type RehearsedScript, type ScriptOutcome } from './run-script';
import { addRows } from './row-trip';
import { ShadowRun, type ReplayedScript, type Snapshot } from './shadow-run';
import { stepsWithRows, type StepRows } from './steps-with-rows';
import { lostData } from './table-data';
import { firstError, reUpOf, verdictOf, type RehearsalFacts } from './verdict';

/** One step of a plan as it is rehearsed; steps without SQL are left out by the caller. */
export interface RehearsedStep {
  id: string;
  title: string;
  /** The file its SQL is in, for reports. */
  path: string;
  forward: RehearsedScript;
  rollback: StepRollback;
}

export type StepRollback =
  | { kind: 'sql'; script: RehearsedScript }
  /** Nothing to do for this step alone. */
  | { kind: 'nothing' }
  | { kind: 'no-return'; why: string };

export interface RehearseStepsRequest {
  /** Emptied before and while it is used. The caller disposes of it. */
  shadow: Shadow;
  /** SQL that the migration tool runs for itself first. */
  prepare: readonly string[];
  /** What brings an empty database to the state before the first step: the migrations applied, or a schema. */
  before: readonly ReplayedScript[];
  steps: readonly RehearsedStep[];
  /** False: no generated rows. True unless said. */
  rows?: boolean;
  watchdogMilliseconds?: number;
  progress: Progress;
  signal: AbortSignal;
}

/**
 * Rehearses the steps of a plan as they depend on each other: all forward, those before the point of no return
 * back in reverse, forward again, then the rest. Each step's rollback is compared with the state before that step.
 */
export async function rehearseSteps(request: RehearseStepsRequest): Promise<Rehearsal> {
  const { shadow, signal } = request;
  const watchdogMilliseconds = request.watchdogMilliseconds ?? defaultWatchdogMilliseconds;
  const run = new ShadowRun(shadow, request.prepare, { watchdogMilliseconds, signal });
  try {
    await run.start(request.before, (script) =>
      request.progress.report({ message: t('Replaying {0}', script.label) }),
    );
    const migrations = await new StepRehearsal(run, request).all();
    return { migrations, shadow: { kind: shadow.kind, engine: shadow.engine, version: shadow.version } };
  } finally {
    await run.close();
  }
}

interface StepTrip {
  step: RehearsedStep;
  facts: RehearsalFacts;
  before: Snapshot;
  after: Snapshot | null;
  dataLost: MigrationRehearsal['dataLost'];
  milliseconds: number;
}

class StepRehearsal {
  readonly #trips: StepTrip[] = [];

  constructor(
    private readonly run: ShadowRun,
    private readonly request: RehearseStepsRequest,
  ) {}

  async all(): Promise<MigrationRehearsal[]> {
    const { steps } = this.request;
    const last = steps.findIndex((step) => step.rollback.kind === 'no-return');
    const returnable = last < 0 ? steps : steps.slice(0, last);
    const rest = last < 0 ? [] : steps.slice(last);
    const rows: StepRows =
      this.request.rows === false
        ? new Map()
        : await stepsWithRows(this.run, { steps, returnable }, await this.run.snapshot());
    if (await this.#forward(returnable)) {
      await this.#forwardAgain(await this.#back());
      await this.#forward(rest);
    }
    return this.#trips.map((trip) => {
      const rehearsal = rehearsalOf(trip);
      const seen = rows.get(trip.step.id);
      if (seen) addRows(rehearsal, seen);
      return rehearsal;
    });
  }

  /** False when a step fails: those after it need what it makes. */
  async #forward(steps: readonly RehearsedStep[]): Promise<boolean> {
    let before = await this.run.snapshot();
    for (const step of steps) {
      this.#report(t('Rehearsing {0}', step.id));
      const started = performance.now();
      const trip: StepTrip = {
        step,
        facts: newFacts(step),
        before,
        after: null,
        dataLost: [],
        milliseconds: 0,
      };
      this.#trips.push(trip);
      trip.facts.up = await this.run.run(step.forward);
      trip.milliseconds = Math.round(performance.now() - started);
      if (trip.facts.up.kind !== 'ok') return false;
      this.run.keep(replayed(step));
      trip.after = await this.run.snapshot();
      trip.facts.upChanges = this.run.compare(before, trip.after).length > 0;
      before = trip.after;
    }
    return true;
  }

  /** In reverse; what a later step left behind is not blamed on an earlier one. Gives all that was left behind. */
  async #back(): Promise<ReadonlySet<string>> {
    const seen = new Set<string>();
    const base = this.request.before.length;
    for (const [index, trip] of [...this.#trips.entries()].reverse()) {
      this.#report(t('Rolling back {0}', trip.step.id));
      if (trip.step.rollback.kind === 'sql') trip.facts.down = await this.run.run(trip.step.rollback.script);
      if (trip.facts.down && trip.facts.down.kind !== 'ok') {
        await this.run.restoreTo(base + index);
        seen.clear();
        continue;
      }
      const restored = await this.run.snapshot();
      const differences = this.run.compare(trip.before, restored);
      // A step with nothing to do for itself leaves its effect to the rollback of an earlier one.
      if (trip.step.rollback.kind === 'sql')
        trip.facts.differences = differences.filter((item) => !seen.has(keyOf(item)));
      if (trip.step.rollback.kind === 'sql') trip.dataLost = lostData(trip.before.data, restored.data);
      for (const difference of differences) seen.add(keyOf(difference));
    }
    return seen;
  }

  async #forwardAgain(leftBehind: ReadonlySet<string>): Promise<void> {
    for (const trip of this.#trips) {
      this.#report(t('Rehearsing {0} again', trip.step.id));
      trip.facts.reUp = await this.run.run(trip.step.forward);
      if (trip.facts.reUp.kind !== 'ok') break;
      const differences = this.run.compare(trip.after!, await this.run.snapshot());
      trip.facts.reUpDifferences = differences.filter((item) => !leftBehind.has(keyOf(item)));
    }
    const failed = this.#trips.some(
      ({ facts }) => facts.reUp?.kind !== 'ok' || facts.reUpDifferences.length > 0,
    );
    if (failed || leftBehind.size > 0)
      await this.run.restoreTo(this.request.before.length + this.#trips.length);
  }

  #report(message: string): void {
    this.request.progress.report({ message });
  }
}

function replayed(step: RehearsedStep): ReplayedScript {
  return { ...step.forward, label: `${step.id} ${step.title}` };
}

function newFacts({ rollback }: RehearsedStep): RehearsalFacts {
  const notRun: ScriptOutcome = { kind: 'error', error: t('not run') };
  return {
    up: notRun,
    down: null,
    reUp: null,
    hasDown: true,
    downIsEmpty: rollback.kind === 'sql' && isEmptyScript(rollback.script.sql),
    upChanges: false,
    declaredIrreversible: rollback.kind === 'no-return',
    differences: [],
    reUpDifferences: [],
  };
}

function keyOf(difference: Difference): string {
  return JSON.stringify([difference.object, difference.property, difference.before, difference.after]);
}

function rehearsalOf({ step, facts, dataLost, milliseconds }: StepTrip): MigrationRehearsal {
  return {
    version: step.id,
    name: step.title,
    path: step.path,
    up: facts.up.kind === 'ok' ? 'ok' : 'error',
    down: facts.down === null ? 'none' : facts.down.kind === 'ok' ? 'ok' : 'error',
    reUp: reUpOf(facts),
    verdict: verdictOf(facts),
    differences: facts.differences.length > 0 ? facts.differences : facts.reUpDifferences,
    error: firstError(facts),
    dataLost,
    notes: step.rollback.kind === 'no-return' ? [t('Point of no return: {0}', step.rollback.why)] : [],
    milliseconds,
  };
}
