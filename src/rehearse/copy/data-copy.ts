/** How much of a database's rows a shadow database gets. */
export type DataCopy =
  | { kind: 'full' }
  /** So many rows of each table, and every row that those reference. */
  | { kind: 'sample'; rows: number };

/** What was copied, without a value of it. */
export interface CopiedData {
  kind: DataCopy['kind'];
  /** Asked for of each table; null for a full copy. */
  rowsPerTable: number | null;
  /** Of the snapshot that was read, ISO 8601 in UTC. */
  at: string;
  /** How messages name the database. */
  database: string;
  /** Tables with at least one row in the copy; the partitions of a table count as that one. */
  tables: number;
  rows: number;
  /** Of those, the ones that came along because others reference them. */
  addedRows: number;
  /** Of the values as text. */
  bytes: number;
  masked: { column: string; rule: string }[];
  /** What was done about it and what is not in it, in sentences. */
  notes: string[];
}
