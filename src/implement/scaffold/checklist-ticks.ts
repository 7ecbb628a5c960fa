import type { Prerequisite, PrerequisiteId } from '../../assess/prerequisites';
import { approvalItemId } from '../../documents/checklist-opening';
import { stepsOf, type Evidence, type GateKind, type Plan, type StepProgress } from '../../plan/plan';
import type { GivenApproval } from '../../documents/approvals';
import { stepItemId } from './views/checklist-view';

/** What is on record of a plan, for one database. */
export interface TickFacts {
  plan: Pick<Plan, 'phases'>;
  /** What approvals and rehearsals must have been given for. */
  approvedHash: string | null;
  approvals: readonly (GivenApproval & { valid: boolean })[];
  prerequisites: readonly Pick<Prerequisite, 'id' | 'state'>[];
  evidence: readonly Evidence[];
  steps: readonly StepProgress[];
}

/** The lines of the checklist that the record proves, by id. Pure. */
export function knownTicks(facts: TickFacts): Set<string> {
  return new Set([
    ...prerequisiteTicks(facts),
    ...approvalTicks(facts),
    ...planTicks(facts),
    ...gateTicks(facts),
    ...stepTicks(facts),
    ...verificationTicks(facts),
  ]);
}

const prerequisiteItems: Partial<Record<PrerequisiteId, string>> = {
  scope: 'scope',
  impact: 'impact',
  stakeholders: 'told',
  time: 'time',
};

function prerequisiteTicks({ prerequisites }: TickFacts): string[] {
  return prerequisites.flatMap(({ id, state }) => (state === 'held' ? (prerequisiteItems[id] ?? []) : []));
}

/** An approval counts for the plan and the files it was given for. */
function approvalTicks({ approvals }: TickFacts): string[] {
  return approvals.filter(({ valid }) => valid).map(({ role }) => approvalItemId(role));
}

/** What holds of a plan by the way it is made. */
function planTicks({ plan }: TickFacts): string[] {
  const steps = stepsOf(plan);
  const proven = steps.every((step) => step.kind === 'wait' || step.verification !== null);
  return ['both-ways', ...(proven ? ['proofs'] : [])];
}

const gateItems: Partial<Record<GateKind, string>> = {
  backup: 'backup',
  'staging-run': 'staging',
  rehearsal: 'rehearsal',
  'quiet-hours': 'quiet-hours',
  disk: 'disk',
  soak: 'soak',
};

function gateTicks({ evidence, approvedHash, plan, steps }: TickFacts): string[] {
  const items = (Object.entries(gateItems) as [GateKind, string][]).flatMap(([gate, item]) => {
    const last = latest(evidence, gate);
    const stale = gate === 'rehearsal' && last?.contentHash !== approvedHash;
    return last?.verdict === 'held' && !stale ? item : [];
  });
  const backup = latest(evidence, 'backup');
  const waited = lastWaitEnd(plan, steps);
  const again = backup?.verdict === 'held' && waited !== null && Date.parse(backup.at) >= waited;
  return again ? [...items, 'last-backup'] : items;
}

function stepTicks({ plan, steps }: TickFacts): string[] {
  const done = doneSteps(steps);
  const all = stepsOf(plan);
  const each = all.filter((step) => done.has(step.id)).map((step) => stepItemId(step.id));
  const ofKind = (kind: string): boolean => {
    const found = all.filter((step) => step.kind === kind);
    return found.length > 0 && found.every((step) => done.has(step.id));
  };
  const check = plan.phases
    .find((phase) => phase.name === 'contract')
    ?.steps.find((step) => step.kind === 'check');
  const over = all.length > 0 && all.every((step) => done.has(step.id));
  return [
    ...each,
    ...(ofKind('backfill') ? ['batches'] : []),
    ...(ofKind('wait') ? ['soak'] : []),
    ...(check && done.has(check.id) ? ['consumers', 'old-unused'] : []),
    ...(over ? ['old-dropped'] : []),
  ];
}

/** A passed verification speaks for the data only when it has all been moved. */
function verificationTicks({ plan, evidence, steps }: TickFacts): string[] {
  const done = doneSteps(steps);
  const moved = stepsOf(plan)
    .filter((step) => step.kind === 'backfill')
    .every((step) => done.has(step.id));
  if (!moved || latest(evidence, 'verification')?.verdict !== 'passed' || done.size === 0) return [];
  return ['data-moved', 'data-equal', 'invariants', 'verify-sql'];
}

function doneSteps(steps: readonly StepProgress[]): Set<string> {
  return new Set(steps.filter((step) => step.state === 'done').map((step) => step.id));
}

function lastWaitEnd(plan: Pick<Plan, 'phases'>, steps: readonly StepProgress[]): number | null {
  const wait = stepsOf(plan).findLast((step) => step.kind === 'wait');
  const finished = steps.find((step) => step.id === wait?.id && step.state === 'done')?.finishedAt;
  return finished == null ? null : Date.parse(finished);
}

function latest(evidence: readonly Evidence[], gate: Evidence['gate']): Evidence | undefined {
  return evidence
    .filter((item) => item.gate === gate)
    .sort((left, right) => Date.parse(left.at) - Date.parse(right.at))
    .at(-1);
}
