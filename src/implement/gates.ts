import { t } from '../messages/translate';
import { stepsOf, type Evidence, type Gate, type GateKind, type Step } from '../plan/plan';
import { approvalGate } from './gate-approval';
import type { GateRequest } from './gate-request';
import { fromEvidence, readGate, reasonOf } from './gate-state';
import { diskGate, longTransactionsGate, replicaLagGate } from './measured-gates';

/** Each gate of a step with its state and why, in the step's order. Pure. */
export function evaluateGates(request: GateRequest): Gate[] {
  return request.step.gates.map((kind) => evaluateGate(kind, request));
}

/** Whether a gate lets the step run. */
export function isOpen(gate: Gate): boolean {
  return gate.state === 'held' || gate.state === 'waived';
}

function evaluateGate(kind: GateKind, request: GateRequest): Gate {
  const recorded = latest(kind, request.evidence);
  if (recorded?.verdict === 'waived') {
    return {
      ...fromEvidence(kind, recorded, 'waived', t('Waived by {0}: {1}', recorded.by, reasonOf(recorded))),
    };
  }
  switch (kind) {
    case 'long-transactions':
      return longTransactionsGate(request);
    case 'replica-lag':
      return replicaLagGate(request);
    case 'disk':
      return diskGate(request, recorded);
    case 'deployed':
      return deployedGate(request, recorded);
    case 'soak':
      return soakGate(request, recorded);
    case 'backup':
      return backupGate(request, recorded);
    case 'approval':
      return withOpenPrerequisites(approvalGate(request, recorded), request);
    case 'rehearsal':
      return rehearsalGate(request, recorded);
    case 'staging-run':
    case 'quiet-hours':
      return recordedGate(kind, recorded);
  }
}

function deployedGate(request: GateRequest, recorded: Evidence | undefined): Gate {
  const open = stepsBefore(request).filter((step) => step.kind === 'deploy' && !isDone(request, step));
  if (open.length > 0)
    return readGate(
      'deployed',
      'failed',
      t('"{0}" is not confirmed. Deploy it and confirm it first.', open[0]!.title),
    );
  return recorded
    ? recordedGate('deployed', recorded)
    : readGate('deployed', 'held', t('Every deployment before this step is confirmed.'));
}

function soakGate(request: GateRequest, recorded: Evidence | undefined): Gate {
  const open = stepsBefore(request).filter((step) => step.kind === 'wait' && !isDone(request, step));
  if (open.length > 0)
    return readGate('soak', 'failed', t('"{0}" is not over yet. Wait for it.', open[0]!.title));
  return recorded ? recordedGate('soak', recorded) : readGate('soak', 'held', t('The time to wait is over.'));
}

function backupGate(request: GateRequest, recorded: Evidence | undefined): Gate {
  const gate = recordedGate('backup', recorded);
  if (gate.state !== 'held' || !recorded) return gate;
  const age = request.now.getTime() - Date.parse(recorded.at);
  if (age <= request.limits.backupAgeMilliseconds) return gate;
  return {
    ...gate,
    state: 'failed',
    reason: t(
      'The backup of {0} is {1} h old. Take a new one and confirm it.',
      recorded.at,
      Math.round(age / 3_600_000),
    ),
  };
}

function rehearsalGate(request: GateRequest, recorded: Evidence | undefined): Gate {
  const gate = recordedGate('rehearsal', recorded);
  if (gate.state !== 'held' || !recorded || request.contentHash === null) return gate;
  if (recorded.contentHash === request.contentHash && !isOnOtherHistory(request, recorded)) return gate;
  return {
    ...gate,
    state: 'unknown',
    reason: t('The SQL changed after the rehearsal of {0}. Rehearse it again.', recorded.at),
  };
}

/** What a person confirmed by hand says nothing of the migrations before. */
function isOnOtherHistory({ historyHash = null }: GateRequest, { details }: Evidence): boolean {
  return historyHash !== null && typeof details.history === 'string' && details.history !== historyHash;
}

function withOpenPrerequisites(gate: Gate, { openPrerequisites = [] }: GateRequest): Gate {
  if (isOpen(gate) || openPrerequisites.length === 0) return gate;
  const reason = t('{0} Prerequisites still open: {1}.', gate.reason, openPrerequisites.join('; '));
  return { ...gate, reason };
}

function recordedGate(kind: GateKind, recorded: Evidence | undefined): Gate {
  if (!recorded) return readGate(kind, 'unknown', missing(kind));
  switch (recorded.verdict) {
    case 'failed':
      return fromEvidence(kind, recorded, 'failed', t('Failed on {0}: {1}', recorded.at, reasonOf(recorded)));
    case 'held':
    case 'passed':
      return fromEvidence(
        kind,
        recorded,
        'held',
        t('Confirmed by {0} on {1}: {2}', recorded.by, recorded.at, reasonOf(recorded)),
      );
    case 'waived':
      return fromEvidence(kind, recorded, 'waived', t('Waived by {0}: {1}', recorded.by, reasonOf(recorded)));
  }
}

function missing(kind: GateKind): string {
  switch (kind) {
    case 'backup':
      return t('No backup is confirmed. Take one and confirm it.');
    case 'staging-run':
      return t('The plan has not been run on staging. Run it there first.');
    case 'rehearsal':
      return t('The rollback has not been rehearsed. Rehearse the plan.');
    case 'quiet-hours':
      return t('Nobody has confirmed that these are quiet hours. Confirm it, or wait for them.');
    case 'approval':
    case 'deployed':
    case 'replica-lag':
    case 'long-transactions':
    case 'disk':
    case 'soak':
      return t('Nothing is recorded yet.');
  }
}

function latest(kind: GateKind, evidence: readonly Evidence[]): Evidence | undefined {
  return evidence.filter((one) => one.gate === kind).sort((a, b) => Date.parse(b.at) - Date.parse(a.at))[0];
}

function stepsBefore({ plan, step }: GateRequest): Step[] {
  const steps = stepsOf(plan);
  return steps.slice(
    0,
    steps.findIndex((candidate) => candidate.id === step.id),
  );
}

function isDone({ progress }: GateRequest, step: Step): boolean {
  const state = progress.steps.find((candidate) => candidate.id === step.id)?.state;
  return state === 'done' || state === 'skipped';
}
