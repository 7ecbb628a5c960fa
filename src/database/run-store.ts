import { backfillColumns, readBackfillRow, type BackfillColumns } from './backfill-rows';
import type { RunRecord, StepRecord } from './run-record';
import type { Session } from './session';
import { utcText } from './utc-text';

/** The run of a plan with all its steps and backfills; null when nothing is recorded. */
export async function loadRun(session: Session, planId: string): Promise<RunRecord | null> {
  return (await readRuns(session, planId))[0] ?? null;
}

/** All runs recorded in this database, the newest first. */
export async function loadRuns(session: Session): Promise<RunRecord[]> {
  return readRuns(session, null);
}

/** Sets the plan's state and phase, making the run's row where there is none. */
export async function saveRunState(
  session: Session,
  planId: string,
  state: RunRecord['state'],
  phase: RunRecord['phase'],
): Promise<void> {
  await session.query(
    `insert into switchback.runs (plan_id, state, phase) values ($1, $2, $3)
     on conflict (plan_id) do update set state = excluded.state, phase = excluded.phase, updated_at = now()`,
    [planId, state, phase],
  );
}

/** Before a step that refuses a transaction: that it is about to start. Commit it before starting. */
export async function recordIntent(
  session: Session,
  planId: string,
  stepId: string,
  contentHash: string | null,
): Promise<void> {
  await session.query(
    `with run as (insert into switchback.runs (plan_id) values ($1) on conflict do nothing)
     insert into switchback.steps (plan_id, step_id, state, intent_at, started_at, content_hash)
     values ($1, $2, 'running', now(), now(), $3)
     on conflict (plan_id, step_id) do update set state = 'running', intent_at = now(), started_at = now(),
       finished_at = null, content_hash = excluded.content_hash, error = null`,
    [planId, stepId, contentHash],
  );
}

/** What is recorded of a step beside its state; what is left out keeps its value. */
export interface StepOutcome {
  by?: string | null;
  milliseconds?: number | null;
  contentHash?: string | null;
  evidence?: unknown;
  error?: string | null;
}

/**
 * Sets a step's state. `started_at` is set by the first report, `finished_at` by done, failed, rolled-back and
 * skipped. Inside the step's own transaction it commits together with the step.
 */
export async function recordStep(
  session: Session,
  planId: string,
  stepId: string,
  state: StepRecord['state'],
  outcome: StepOutcome = {},
): Promise<void> {
  await session.query(
    `with run as (insert into switchback.runs (plan_id) values ($1) on conflict do nothing)
     insert into switchback.steps as s (plan_id, step_id, state, started_at, finished_at, done_by, milliseconds,
       content_hash, evidence, error)
     values ($1, $2, $3, now(), case when $3 = any($9) then clock_timestamp() end, $4, $5, $6, $7, $8)
     on conflict (plan_id, step_id) do update set
       state = excluded.state,
       started_at = case when excluded.state = 'running' then excluded.started_at else coalesce(s.started_at, excluded.started_at) end,
       finished_at = excluded.finished_at,
       done_by = coalesce(excluded.done_by, s.done_by),
       milliseconds = coalesce(excluded.milliseconds, s.milliseconds),
       content_hash = coalesce(excluded.content_hash, s.content_hash),
       evidence = coalesce(excluded.evidence, s.evidence),
       error = excluded.error`,
    [
      planId,
      stepId,
      state,
      outcome.by ?? null,
      outcome.milliseconds === undefined || outcome.milliseconds === null
        ? null
        : Math.round(outcome.milliseconds),
      outcome.contentHash ?? null,
      outcome.evidence === undefined || outcome.evidence === null ? null : JSON.stringify(outcome.evidence),
      outcome.error ?? null,
      finished,
    ],
  );
}

/** Removes what is recorded of a plan here, its backfills and evidence included. */
export async function forgetRun(session: Session, planId: string): Promise<void> {
  await session.query('delete from switchback.runs where plan_id = $1', [planId]);
}

const finished = ['done', 'failed', 'rolled-back', 'skipped'];

type RunColumns = Omit<RunRecord, 'fence' | 'steps' | 'backfills'> & { fence: string };
type StepColumns = Omit<StepRecord, 'milliseconds'> & { planId: string; milliseconds: string | null };

/** One statement per table, in one snapshot each; a run's rows are read after the run. */
async function readRuns(session: Session, planId: string | null): Promise<RunRecord[]> {
  const runs = await session.query<RunColumns>(
    `select plan_id as "planId", state, phase, fence, owner, ${utcText('started_at')} as "startedAt",
            ${utcText('updated_at')} as "updatedAt"
       from switchback.runs where $1::text is null or plan_id = $1 order by started_at desc, plan_id`,
    [planId],
  );
  const steps = await session.query<StepColumns>(
    `select plan_id as "planId", step_id as "stepId", state, ${utcText('intent_at')} as "intentAt",
            ${utcText('started_at')} as "startedAt", ${utcText('finished_at')} as "finishedAt", done_by as by,
            milliseconds, content_hash as "contentHash", evidence, error
       from switchback.steps where $1::text is null or plan_id = $1 order by step_id`,
    [planId],
  );
  const backfills = await session.query<BackfillColumns>(
    `select ${backfillColumns} from switchback.backfills where $1::text is null or plan_id = $1 order by step_id`,
    [planId],
  );
  return runs.rows.map((run) => ({
    ...run,
    fence: Number(run.fence),
    steps: steps.rows
      .filter((step) => step.planId === run.planId)
      .map(({ planId: _, ...step }) => ({
        ...step,
        milliseconds: step.milliseconds === null ? null : Number(step.milliseconds),
      })),
    backfills: backfills.rows.filter((row) => row.planId === run.planId).map(readBackfillRow),
  }));
}
