import { loadEvidence } from '../database/evidence-store';
import type { EvidenceRow } from '../database/run-record';
import { schemaState } from '../database/switchback-schema';
import type { Approval, LoadedPlan } from '../implement/scaffold/plan-file';
import type { Evidence, GateKind } from '../plan/plan';
import type { Database } from './database';

/** What is on record for this database: the schema `switchback`, and those approvals of plan.md that count. */
export async function readEvidence(
  database: Database,
  loaded: LoadedPlan,
  proved: readonly Approval[] = [],
): Promise<Evidence[]> {
  const state = await schemaState(database.session);
  const rows = state.kind === 'absent' ? [] : await loadEvidence(database.session, loaded.plan.id);
  const approvals = proved.map((approval): EvidenceRow => ({
    stepId: null,
    gate: 'approval',
    verdict: 'held',
    at: approval.at,
    by: approval.by,
    contentHash: approval.hash,
    details: { reason: approval.role, role: approval.role },
  }));
  return [...rows, ...approvals].map((row) => ({
    gate: row.gate as GateKind,
    verdict: row.verdict,
    at: row.at,
    by: row.by,
    server: database.session.facts.version,
    database: database.sessions.label,
    contentHash: row.contentHash,
    details: row.details,
  }));
}
