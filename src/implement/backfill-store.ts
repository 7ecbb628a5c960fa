import { lockBackfillRow, saveBackfill, setBackfillState, startBackfill } from '../database/backfill-rows';
import type { BackfillRow } from '../database/run-record';
import type { Session } from '../database/session';
import type { BackfillState } from '../plan/plan';
import type { WalkPosition } from './walk';

/** What a checkpoint holds: enough to go on from it, and nothing that is not committed. */
export interface BackfillRecord {
  position: WalkPosition;
  rowsDone: number;
  rowsTotal: number;
  /** Rows (walks by key) or pages (walks by place) of the next batch. */
  batchUnits: number;
}

/** Where one step's backfill keeps its checkpoint: the schema `switchback` of the same database. */
export interface BackfillStore {
  /** Reads the checkpoint, or makes the one given; marks it running. Throws `fenced-off`. */
  start(session: Session, first: BackfillRecord): Promise<BackfillRecord>;
  /** Inside a batch's transaction: locks the run's row, checks the fencing token, and gives the checkpoint. */
  lock(session: Session): Promise<BackfillRecord>;
  /** Inside a batch's transaction: where it has come to. */
  checkpoint(session: Session, record: BackfillRecord): Promise<void>;
  /** In a transaction of its own. Throws `fenced-off`. */
  setState(session: Session, state: BackfillState, error: string | null): Promise<void>;
}

/** The checkpoint of one step of a plan, written under this fencing token. */
export function backfillStore(planId: string, stepId: string, fence: number): BackfillStore {
  return {
    start: async (session, first) =>
      recordOf(
        await startBackfill(session, planId, stepId, fence, { ...first, batchRows: first.batchUnits }),
      ),
    lock: async (session) => recordOf(await lockBackfillRow(session, planId, stepId, fence)),
    checkpoint: (session, record) =>
      saveBackfill(session, planId, stepId, { ...record, batchRows: record.batchUnits }),
    setState: (session, state, error) => setBackfillState(session, planId, stepId, fence, state, error),
  };
}

function recordOf(row: BackfillRow): BackfillRecord {
  return {
    position: row.position as WalkPosition,
    rowsDone: row.rowsDone,
    rowsTotal: row.rowsTotal,
    batchUnits: row.batchRows,
  };
}
