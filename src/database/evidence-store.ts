import type { EvidenceRow, Rate } from './run-record';
import type { Session } from './session';
import { utcText } from './utc-text';

/** Keeps evidence for a gate, step or verification; nothing recorded is changed afterwards. */
export async function recordEvidence(session: Session, planId: string, evidence: EvidenceRow): Promise<void> {
  await session.query(
    `with run as (insert into switchback.runs (plan_id) values ($1) on conflict do nothing)
     insert into switchback.evidence (plan_id, step_id, gate, verdict, at, by, content_hash, details)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      planId,
      evidence.stepId,
      evidence.gate,
      evidence.verdict,
      evidence.at,
      evidence.by,
      evidence.contentHash,
      JSON.stringify(evidence.details),
    ],
  );
}

/** All evidence of a plan on this database, oldest first. */
export async function loadEvidence(session: Session, planId: string): Promise<EvidenceRow[]> {
  const { rows } = await session.query<EvidenceRow>(
    `select step_id as "stepId", gate, verdict, ${utcText('at')} as at, by, content_hash as "contentHash", details
       from switchback.evidence where plan_id = $1 order by id`,
    [planId],
  );
  return rows;
}

/** Keeps the newest measured speed of a kind of work on a relation. */
export async function saveRate(session: Session, rate: Omit<Rate, 'measuredAt'>): Promise<void> {
  await session.query(
    `insert into switchback.rates (kind, relation, bytes_per_second, rows_per_second) values ($1, $2, $3, $4)
     on conflict (kind, relation) do update set bytes_per_second = excluded.bytes_per_second,
       rows_per_second = excluded.rows_per_second, measured_at = now()`,
    [rate.kind, rate.relation, rate.bytesPerSecond, rate.rowsPerSecond],
  );
}

/** The measured speeds of this database, by kind and relation. */
export async function loadRates(session: Session): Promise<Rate[]> {
  const { rows } = await session.query<Rate>(
    `select kind, relation, bytes_per_second as "bytesPerSecond", rows_per_second as "rowsPerSecond",
            ${utcText('measured_at')} as "measuredAt" from switchback.rates order by kind, relation`,
  );
  return rows;
}
