import type { WrittenApprovals } from './gate-approval';
import type { Evidence, Plan, PlanProgress, Step } from '../plan/plan';

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
  /** What plan.md itself says of its approvals; those of it that count are evidence. */
  approvals?: WrittenApprovals;
  readings: GateReadings;
  limits: GateLimits;
  now: Date;
}
