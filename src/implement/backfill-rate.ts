/** Rows per second over the last batches, from samples of rows and the time each took, VACUUM included. */
export interface BackfillRate {
  add(rows: number, milliseconds: number): void;
  /** null until there is something to measure. */
  rowsPerSecond(): number | null;
}

/** A rate over the last `windowMilliseconds` of work, so that an estimate follows the load. */
export function createBackfillRate(windowMilliseconds = 15_000): BackfillRate {
  const samples: { rows: number; milliseconds: number }[] = [];
  let rows = 0;
  let milliseconds = 0;
  return {
    add: (sampleRows, sampleMilliseconds) => {
      samples.push({ rows: sampleRows, milliseconds: sampleMilliseconds });
      rows += sampleRows;
      milliseconds += sampleMilliseconds;
      while (samples.length > 1 && milliseconds - samples[0]!.milliseconds >= windowMilliseconds) {
        const oldest = samples.shift()!;
        rows -= oldest.rows;
        milliseconds -= oldest.milliseconds;
      }
    },
    rowsPerSecond: () => (milliseconds > 0 && rows > 0 ? Math.round((rows * 1000) / milliseconds) : null),
  };
}
