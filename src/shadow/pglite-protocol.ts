/** What the parent tells the process that holds PGlite. Bytes are PostgreSQL's own wire protocol. */
export type ToPglite =
  | { type: 'start'; options: PgliteStart }
  /** Protocol messages, whole ones; answered by exactly one `bytes` or `broken`. */
  | { type: 'bytes'; bytes: Uint8Array };

/** What that process answers. */
export type FromPglite =
  | { type: 'started' }
  | { type: 'failed'; reason: string }
  | { type: 'bytes'; bytes: Uint8Array }
  | { type: 'broken'; reason: string };

export interface PgliteStart {
  /** Holds pglite.wasm and contrib/*.tar.gz. */
  distFolder: string;
  /** A tar of an empty data directory: read where it is, made where it is not; null runs initdb each time. */
  templateFile: string | null;
  /** A folder that keeps the data; null for memory only. */
  dataFolder: string | null;
}
