import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { assertFence } from './fence';
import type { BackfillRow } from './run-record';
import type { Session } from './session';
import { utcText } from './utc-text';

/** The checkpoint to begin with, or to write after a batch. */
export interface BackfillCheckpoint {
  position: unknown;
  rowsDone: number;
  rowsTotal: number;
  batchRows: number;
}

/** The recorded backfill of a step; null when it was never started. */
export async function loadBackfill(
  session: Session,
  planId: string,
  stepId: string,
): Promise<BackfillRow | null> {
  const { rows } = await session.query<BackfillColumns>(
    `select ${backfillColumns} from switchback.backfills where plan_id = $1 and step_id = $2`,
    [planId, stepId],
  );
  return rows[0] ? readBackfillRow(rows[0]) : null;
}

/**
 * Goes on from the recorded checkpoint, or records `first`; marks it running under this fencing token. Runs in a
 * transaction of its own. Throws `fenced-off`.
 */
export async function startBackfill(
  session: Session,
  planId: string,
  stepId: string,
  fence: number,
  first: BackfillCheckpoint,
): Promise<BackfillRow> {
  return session.transaction(async () => {
    await assertFence(session, planId, fence);
    const { rows } = await session.query<BackfillColumns>(
      `insert into switchback.backfills (plan_id, step_id, state, fence, position, rows_done, rows_total, batch_rows)
       values ($1, $2, 'running', $3, $4, $5, $6, $7)
       on conflict (plan_id, step_id) do update set state = 'running', fence = excluded.fence, error = null, updated_at = now()
       returning ${backfillColumns}`,
      [planId, stepId, fence, ...checkpointValues(first)],
    );
    return readBackfillRow(rows[0]!);
  });
}

/**
 * Inside a batch's transaction: locks the run's and the backfill's row until its end. Throws `fenced-off` when
 * somebody took the run over, `not-found` when the backfill was never started.
 */
export async function lockBackfillRow(
  session: Session,
  planId: string,
  stepId: string,
  fence: number,
): Promise<BackfillRow> {
  await assertFence(session, planId, fence);
  const { rows } = await session.query<BackfillColumns>(
    `select ${backfillColumns} from switchback.backfills where plan_id = $1 and step_id = $2 for no key update`,
    [planId, stepId],
  );
  if (rows[0]) return readBackfillRow(rows[0]);
  throw new SwitchbackError(
    'not-found',
    t('The backfill "{0}" of "{1}" has no checkpoint. Start it again.', stepId, planId),
  );
}

/** Inside a batch's transaction, after lockBackfillRow: where the backfill has come to. */
export async function saveBackfill(
  session: Session,
  planId: string,
  stepId: string,
  checkpoint: BackfillCheckpoint,
): Promise<void> {
  await session.query(
    `update switchback.backfills set position = $3, rows_done = $4, rows_total = $5, batch_rows = $6, updated_at = now()
      where plan_id = $1 and step_id = $2`,
    [planId, stepId, ...checkpointValues(checkpoint)],
  );
}

/** In a transaction of its own: the backfill's state, and why it failed or holds. Throws `fenced-off`. */
export async function setBackfillState(
  session: Session,
  planId: string,
  stepId: string,
  fence: number,
  state: BackfillRow['state'],
  error: string | null,
): Promise<void> {
  await session.transaction(async () => {
    await assertFence(session, planId, fence);
    await session.query(
      `update switchback.backfills set state = $3, error = $4, updated_at = now() where plan_id = $1 and step_id = $2`,
      [planId, stepId, state, error],
    );
  });
}

export type BackfillColumns = Omit<BackfillRow, 'fence' | 'rowsDone' | 'rowsTotal'> &
  Record<'fence' | 'rowsDone' | 'rowsTotal' | 'planId', string>;

/** The columns of switchback.backfills, named as BackfillRow names them. */
export const backfillColumns = `plan_id as "planId", step_id as "stepId", state, fence, position,
  rows_done as "rowsDone", rows_total as "rowsTotal", batch_rows as "batchRows",
  ${utcText('started_at')} as "startedAt", ${utcText('updated_at')} as "updatedAt", error`;

/** A row as selected with `backfillColumns`, with its counts as numbers. */
export function readBackfillRow(columns: BackfillColumns): BackfillRow {
  const { planId: _, ...row } = columns;
  return {
    ...row,
    fence: Number(row.fence),
    rowsDone: Number(row.rowsDone),
    rowsTotal: Number(row.rowsTotal),
  };
}

function checkpointValues(checkpoint: BackfillCheckpoint): unknown[] {
  return [
    checkpoint.position === null ? null : JSON.stringify(checkpoint.position),
    checkpoint.rowsDone,
    checkpoint.rowsTotal,
    checkpoint.batchRows,
  ];
}
