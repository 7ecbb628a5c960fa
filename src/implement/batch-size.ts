/** No batch is larger, however fast the rows are: a batch's rows stay locked until it commits. */
export const largestBatchRows = 100_000;

export interface MeasuredBatch {
  /** Rows the batch was allowed. */
  rows: number;
  /** Rows it really had; fewer than `rows` at the end of a table. */
  walked: number;
  /** How long it took, ms, its commit included. */
  milliseconds: number;
}

/**
 * Rows of the next batch, so that a batch takes about `targetMilliseconds`. Shrinks at once after a slow
 * batch, grows at most twofold after a fast one, and is always between 1 and `largestBatchRows`.
 */
export function nextBatchRows(batch: MeasuredBatch, targetMilliseconds: number): number {
  const rows = clampRows(batch.rows);
  const milliseconds = Math.max(batch.milliseconds, 0.1);
  const target = Math.max(targetMilliseconds, 1);
  if (milliseconds > target) {
    // The rows that were really there took this long; the allowance beyond them says nothing.
    const measured = Math.min(rows, Math.max(batch.walked, 1));
    return clampRows(Math.min(Math.floor((measured * target) / milliseconds), rows - 1));
  }
  if (batch.walked < rows) return rows;
  const ideal = Math.floor((rows * target) / milliseconds);
  return clampRows(Math.min(ideal, rows * 2));
}

/** Rows to try after a batch was stopped by a time-out: a quarter, at least one. */
export function rowsAfterTimeout(rows: number): number {
  return clampRows(Math.floor(rows / 4));
}

/** A whole number between 1 and `largestBatchRows`. */
export function clampRows(rows: number): number {
  if (!Number.isFinite(rows)) return 1;
  return Math.min(Math.max(Math.floor(rows), 1), largestBatchRows);
}
