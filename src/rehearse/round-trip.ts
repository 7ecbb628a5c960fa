import type { Difference } from '../catalog/compare';
import { t } from '../messages/translate';
import type { MigrationRehearsal } from './rehearsal';
import { isEmptyScript, type RehearsedScript, type ScriptOutcome } from './run-script';
import type { ReplayedScript, ShadowRun, Snapshot } from './shadow-run';
import { lostData, type DataLoss } from './table-data';
import { firstError, firstFailure, reUpOf, verdictOf, type RehearsalFacts } from './verdict';

/** One migration, or one step of a plan, as it is rehearsed. */
export interface RoundTrip {
  version: string;
  name: string;
  path: string;
  up: ReplayedScript;
  down: RehearsedScript | null;
  /** Why it says of itself that it cannot be taken back; null when it does not. */
  irreversible: string | null;
}

/** What a round trip found, and whether the shadow is in the state after its up. */
export interface RoundTripResult {
  rehearsal: MigrationRehearsal;
  /** The state after the up; null when the up failed. */
  after: Snapshot | null;
  /** The state after the down, where that ran and more than the order of columns differs. */
  restored?: Snapshot;
  /** False: the shadow has to be restored before it is used again. */
  clean: boolean;
}

/**
 * Up, down, up, with a snapshot after each. `before` is the state it starts from. `beforeDown` looks at the state after the up,
 * and leaves it.
 */
export async function roundTrip(
  run: ShadowRun,
  trip: RoundTrip,
  before: Snapshot,
  beforeDown: (after: Snapshot) => Promise<void> = async () => undefined,
): Promise<RoundTripResult> {
  const begun = await climb(run, trip, before);
  if (begun.after !== null) {
    if (runsDown(trip)) await beforeDown(begun.after);
    return takeBack(run, trip, begun);
  }
  return { rehearsal: rehearsalOf(trip, begun.facts, [], begun.started), after: null, clean: false };
}

interface Climb {
  before: Snapshot;
  facts: RehearsalFacts;
  /** performance.now() at its begin. */
  started: number;
}

/** A round trip that has gone up. */
export interface HalfTrip extends Climb {
  after: Snapshot;
}

/** The first half of a round trip; null where the up fails. */
export async function goUp(run: ShadowRun, trip: RoundTrip, before: Snapshot): Promise<HalfTrip | null> {
  const begun = await climb(run, trip, before);
  return begun.after === null ? null : begun;
}

async function climb(
  run: ShadowRun,
  trip: RoundTrip,
  before: Snapshot,
): Promise<HalfTrip | (Climb & { after: null })> {
  const started = performance.now();
  const facts = newFacts(trip, await run.run(trip.up));
  if (facts.up.kind !== 'ok') return { before, facts, started, after: null };
  const after = await run.snapshot();
  facts.upChanges = run.compare(before, after).length > 0 || !sameData(before, after);
  return { before, facts, started, after };
}

/** The second half: down, and up again, with a snapshot after each. */
export async function takeBack(run: ShadowRun, trip: RoundTrip, half: HalfTrip): Promise<RoundTripResult> {
  const { before, after, started } = half;
  const facts = { ...newFacts(trip, half.facts.up), upChanges: half.facts.upChanges };
  if (!runsDown(trip)) return { rehearsal: rehearsalOf(trip, facts, [], started), after, clean: true };
  facts.down = await run.run(trip.down!);
  if (facts.down.kind !== 'ok')
    return { rehearsal: rehearsalOf(trip, facts, [], started), after, clean: false };
  const restored = await run.snapshot();
  facts.differences = run.compare(before, restored);
  const lost = lostData(before.data, restored.data);
  facts.reUp = facts.downIsEmpty ? null : await run.run(trip.up);
  const again = facts.reUp?.kind === 'ok' ? await run.snapshot() : null;
  if (again) facts.reUpDifferences = run.compare(after, again);
  const clean =
    facts.downIsEmpty || (again !== null && facts.reUpDifferences.length === 0 && sameData(after, again));
  return {
    rehearsal: rehearsalOf(trip, facts, lost, started),
    after,
    restored: facts.differences.some(({ kind }) => kind !== 'order') ? restored : undefined,
    clean,
  };
}

function newFacts(trip: RoundTrip, up: ScriptOutcome): RehearsalFacts {
  return {
    up,
    down: null,
    reUp: null,
    hasDown: trip.down !== null,
    // What a program does is more than the SQL that can be read in it.
    downIsEmpty: trip.down !== null && !trip.down.byTool && isEmptyScript(trip.down.sql),
    upChanges: true,
    declaredIrreversible: trip.irreversible !== null,
    differences: [],
    reUpDifferences: [],
  };
}

/** A migration that says it cannot be taken back is taken at its word. */
function runsDown(trip: RoundTrip): boolean {
  return trip.down !== null && trip.irreversible === null;
}

function sameData(one: Snapshot, other: Snapshot): boolean {
  return JSON.stringify([...one.data].sort()) === JSON.stringify([...other.data].sort());
}

function rehearsalOf(
  trip: RoundTrip,
  facts: RehearsalFacts,
  dataLost: DataLoss[],
  started: number,
): MigrationRehearsal {
  const verdict = verdictOf(facts);
  const failedAt = firstFailure(facts);
  return {
    version: trip.version,
    name: trip.name,
    path: trip.path,
    up: facts.up.kind === 'ok' ? 'ok' : 'error',
    down: facts.down === null ? 'none' : facts.down.kind === 'ok' ? 'ok' : 'error',
    reUp: reUpOf(facts),
    verdict,
    differences: facts.differences.length > 0 ? facts.differences : facts.reUpDifferences,
    error: firstError(facts),
    dataLost,
    notes: notesOf(trip, facts, dataLost),
    milliseconds: Math.round(performance.now() - started),
    ...(failedAt && { failedAt }),
  };
}

function notesOf(trip: RoundTrip, facts: RehearsalFacts, dataLost: readonly DataLoss[]): string[] {
  const notes: string[] = [];
  if (trip.irreversible !== null)
    notes.push(
      t('It says of itself that it cannot be taken back: {0}', trip.irreversible || t('no reason given')),
    );
  if (facts.down?.kind === 'ok' && !facts.downIsEmpty) {
    const order = facts.differences.filter((difference: Difference) => difference.kind === 'order');
    for (const { object } of order) notes.push(t('The columns of {0} come back in another order.', object));
  }
  for (const loss of dataLost) notes.push(lossNote(loss));
  if (facts.reUp?.kind === 'error')
    notes.push(t('After this down, the next up ({0}) fails: {1}', trip.up.label, facts.reUp.error));
  if (facts.up.kind === 'open')
    notes.push(t('The up begins a transaction and does not end it; what it did was rolled back.'));
  return notes;
}

/** What did not come back, in a sentence. */
export function lossNote(loss: DataLoss): string {
  switch (loss.kind) {
    case 'rows':
      return loss.rows === 1
        ? t('1 row of {0} is not back after the down.', loss.object)
        : t('{0} rows of {1} are not back after the down.', loss.rows, loss.object);
    case 'column':
      return loss.rows === 1
        ? t('1 value of {0} is not back after the down.', loss.object)
        : t('{0} values of {1} are not back after the down.', loss.rows, loss.object);
    case 'values':
      return t('Values of {0} are different after the down.', loss.object);
  }
}
