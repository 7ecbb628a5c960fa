/** What the parent tells the process that holds PGlite. Bytes are PostgreSQL's own wire protocol. */
export type ToPglite =
  /** Once for each process; answered by `started` or `failed`. */
  | { type: 'start'; options: PgliteStart }
  /** Protocol messages, whole ones; answered by exactly one `bytes` or `broken`. */
  | { type: 'bytes'; bytes: Uint8Array }
  /** Writes the present state to a file; answered by `kept` or `broken`. */
  | { type: 'keep'; file: string; note: string }
  /** Writes the present state beside the program, for every start to begin with; answered as `keep` is. */
  | { type: 'template' };

/** What that process answers. */
export type FromPglite =
  /** `note`: what was kept with the state it started from; null where it started empty. */
  | { type: 'started'; note: string | null }
  | { type: 'failed'; reason: string }
  | { type: 'bytes'; bytes: Uint8Array }
  | { type: 'kept' }
  | { type: 'broken'; reason: string };

export interface PgliteStart {
  /** Holds pglite.wasm and contrib/*.tar.gz. */
  distFolder: string;
  /** A folder that keeps the data; null for memory only. */
  dataFolder: string | null;
  /** Files of kept states: starts from the first that is whole, else empty. */
  stateFiles: readonly string[];
}
