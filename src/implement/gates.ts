import { t } from '../messages/translate';
import {
  stepsOf,
  type Evidence,
  type Gate,
  type GateKind,
  type Plan,
  type PlanProgress,
  type Step,
} from '../plan/plan';

/** What is read from the database at the moment the gates are asked. */
export interface GateReadings {
  /** Open transactions older than the limit, oldest first, each in words. */
  longTransactions: { description: string; milliseconds: number }[];
  /** The role that may not see other people's sessions, so that an empty list proves nothing; null where it may. */
  blindRole: string | null;
  /** null where this role may not see the replicas. */
  replicas: { name: string; lagMilliseconds: number | null }[] | null;
  /** Bytes the step needs on the database's disk. */
  neededBytes: number;
}

export interface GateLimits {
  replicaLagMilliseconds: number;
  longTransactionMilliseconds: number;
  /** A backup older than this, ms, is no backup to go back to. */
  backupAgeMilliseconds: number;
}

export const defaultGateLimits: GateLimits = {
  replicaLagMilliseconds: 10_000,
  longTransactionMilliseconds: 60_000,
  backupAgeMilliseconds: 24 * 3_600_000,
};

export interface GateRequest {
  plan: Plan;
  step: Step;
  progress: PlanProgress;
  evidence: readonly Evidence[];
  /** What approval and rehearsal must have been given for; null where hashes are not kept. */
  contentHash: string | null;
  /** Of the migrations before the plan, which a rehearsal must have begun with; null where that is not asked. */
  historyHash?: string | null;
  /** Titles of prerequisites nobody has settled: who approves should know them. */
  openPrerequisites?: readonly string[];
  readings: GateReadings;
  limits: GateLimits;
  now: Date;
}

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
      return withOpenPrerequisites(hashedGate(kind, request, recorded), request);
    case 'rehearsal':
      return hashedGate(kind, request, recorded);
    case 'staging-run':
    case 'quiet-hours':
      return recordedGate(kind, recorded);
  }
}

function longTransactionsGate({ readings, limits }: GateRequest): Gate {
  const oldest = readings.longTransactions.find(
    (one) => one.milliseconds > limits.longTransactionMilliseconds,
  );
  if (oldest) {
    return read(
      'long-transactions',
      'failed',
      t(
        'A transaction is open since {1} s: {0}. Wait for it, or end it.',
        oldest.description,
        seconds(oldest.milliseconds),
      ),
    );
  }
  if (readings.blindRole !== null) {
    return read(
      'long-transactions',
      'unknown',
      t(
        'The role {0} cannot see the transactions of other users in pg_stat_activity. Grant it pg_read_all_stats, or waive the gate.',
        readings.blindRole,
      ),
    );
  }
  return read(
    'long-transactions',
    'held',
    t('No transaction is older than {0} s.', seconds(limits.longTransactionMilliseconds)),
  );
}

function replicaLagGate({ readings, limits }: GateRequest): Gate {
  if (readings.replicas === null) {
    return read(
      'replica-lag',
      'unknown',
      t('This role may not see pg_stat_replication. Grant it pg_monitor, or waive the gate.'),
    );
  }
  const slowest = [...readings.replicas].sort(
    (a, b) => (b.lagMilliseconds ?? 0) - (a.lagMilliseconds ?? 0),
  )[0];
  const lag = slowest?.lagMilliseconds ?? 0;
  if (slowest && lag > limits.replicaLagMilliseconds) {
    return read(
      'replica-lag',
      'failed',
      t('The replica {0} is {1} s behind. Wait until it has caught up.', slowest.name, seconds(lag)),
    );
  }
  return read(
    'replica-lag',
    'held',
    t(
      '{0} replicas, none more than {1} s behind.',
      readings.replicas.length,
      seconds(limits.replicaLagMilliseconds),
    ),
  );
}

function diskGate({ readings }: GateRequest, recorded: Evidence | undefined): Gate {
  const needed = megabytes(readings.neededBytes);
  const free = recorded?.details.freeBytes;
  if (!recorded || typeof free !== 'number') {
    return read(
      'disk',
      'unknown',
      t(
        'The step needs about {0} MB; SQL cannot read how much is free. Say it, or set a command that prints it.',
        needed,
      ),
    );
  }
  return free >= readings.neededBytes
    ? fromEvidence(
        'disk',
        recorded,
        'held',
        t('{0} MB are free and about {1} MB are needed.', megabytes(free), needed),
      )
    : fromEvidence(
        'disk',
        recorded,
        'failed',
        t('Only {0} MB are free and about {1} MB are needed. Make room first.', megabytes(free), needed),
      );
}

function deployedGate(request: GateRequest, recorded: Evidence | undefined): Gate {
  const open = stepsBefore(request).filter((step) => step.kind === 'deploy' && !isDone(request, step));
  if (open.length > 0)
    return read(
      'deployed',
      'failed',
      t('"{0}" is not confirmed. Deploy it and confirm it first.', open[0]!.title),
    );
  return recorded
    ? recordedGate('deployed', recorded)
    : read('deployed', 'held', t('Every deployment before this step is confirmed.'));
}

function soakGate(request: GateRequest, recorded: Evidence | undefined): Gate {
  const open = stepsBefore(request).filter((step) => step.kind === 'wait' && !isDone(request, step));
  if (open.length > 0)
    return read('soak', 'failed', t('"{0}" is not over yet. Wait for it.', open[0]!.title));
  return recorded ? recordedGate('soak', recorded) : read('soak', 'held', t('The time to wait is over.'));
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

function hashedGate(
  kind: 'approval' | 'rehearsal',
  request: GateRequest,
  recorded: Evidence | undefined,
): Gate {
  const gate = recordedGate(kind, recorded);
  if (gate.state !== 'held' || !recorded || request.contentHash === null) return gate;
  if (recorded.contentHash === request.contentHash && !isOnOtherHistory(request, recorded)) return gate;
  return {
    ...gate,
    state: 'unknown',
    reason:
      kind === 'approval'
        ? t('The plan changed after {0} approved it. Have it approved again.', recorded.by)
        : t('The SQL changed after the rehearsal of {0}. Rehearse it again.', recorded.at),
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
  if (!recorded) return read(kind, 'unknown', missing(kind));
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
    case 'approval':
      return t('Nobody has approved the plan. Ask for approval.');
    case 'quiet-hours':
      return t('Nobody has confirmed that these are quiet hours. Confirm it, or wait for them.');
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

function reasonOf(evidence: Evidence): string {
  const reason = evidence.details.reason;
  return typeof reason === 'string' && reason !== '' ? reason : t('no reason given');
}

function read(kind: GateKind, state: Gate['state'], reason: string): Gate {
  return { kind, state, reason, by: null, at: null };
}

function fromEvidence(kind: GateKind, evidence: Evidence, state: Gate['state'], reason: string): Gate {
  return { kind, state, reason, by: evidence.by, at: evidence.at };
}

function seconds(milliseconds: number): number {
  return Math.round(milliseconds / 1000);
}

function megabytes(bytes: number): number {
  return Math.ceil(bytes / 1e6);
}
