/**
 * The one way to talk to a database: a single server session. `pg` and PGlite (over IPC to its child
 * process) implement it. Errors are thrown as SwitchbackError with the SQLSTATE in `details.sqlstate`.
 */
export interface Session {
  readonly facts: SessionFacts;
  /** Runs one statement with parameters ($1...). Values come as pg's types: bigint and numeric as text. */
  query<Row extends object = Record<string, unknown>>(
    sql: string,
    parameters?: readonly unknown[],
    options?: QueryOptions,
  ): Promise<QueryResult<Row>>;
  /** Runs a text of one or more statements through the simple protocol, as a migration tool would. */
  script(sql: string, options?: QueryOptions): Promise<void>;
  /** Runs `work` between BEGIN and COMMIT; rolls back and rethrows when it throws. Does not nest. */
  transaction<T>(work: () => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** Whether the last statement that succeeded left a transaction open at the server, whoever began it. */
  readonly inTransaction: boolean;
  /** Cancels what runs now, if anything; PGlite's process is killed instead. */
  cancel(): Promise<void>;
  close(): Promise<void>;
  /** Aborted, with a `connection-lost` error as its reason, when the session breaks by itself. */
  readonly lost: AbortSignal;
}

export interface SessionFacts {
  engine: 'postgres' | 'pglite';
  /** server_version_num, for example 180004. */
  versionNumber: number;
  /** Major version, for example 18. */
  major: number;
  /** server_version as the server words it. */
  version: string;
  database: string;
  user: string;
  /** pg_backend_pid() of this session. */
  pid: number;
}

export interface QueryOptions {
  signal?: AbortSignal;
  /** Under this name the server keeps what it made of the text for as long as the session lasts: the same text each time. */
  keptAs?: string;
}

export interface QueryResult<Row> {
  rows: Row[];
  /** Rows affected or returned; 0 where the command has no count. */
  rowCount: number;
}

export interface TransactionOptions {
  signal?: AbortSignal;
  readOnly?: boolean;
  isolation?: 'read committed' | 'repeatable read' | 'serializable';
  /** Ends with ROLLBACK even when `work` succeeds (dry runs). */
  rollback?: boolean;
  /** SET LOCAL lock_timeout, in ms. */
  lockTimeoutMilliseconds?: number;
  /** SET LOCAL statement_timeout, in ms; 0 means none. */
  statementTimeoutMilliseconds?: number;
}

/** Opens further sessions to the same database (the worker, the lock keeper, the watcher). */
export interface SessionFactory {
  open(options?: { applicationName?: string; signal?: AbortSignal }): Promise<Session>;
  /** How messages name the database: `shop on localhost:5432`. Never holds a password. */
  readonly label: string;
}
