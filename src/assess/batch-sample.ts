/** What one batch of writes took on a table, in a transaction that was rolled back. */
export interface BatchSample {
  /** As SQL names it. */
  relation: string;
  rows: number;
  milliseconds: number;
  /** WAL that the server wrote meanwhile, in bytes: what others wrote in that moment is in it. */
  walBytes: number;
}
