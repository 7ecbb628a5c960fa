import type { Client, QueryResult as PgResult } from 'pg';
import { isSwitchbackError, SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { connectionLost } from './connect-error';
import { queryError } from './query-error';
import type { QueryOptions, QueryResult, Session, SessionFacts, TransactionOptions } from './session';
import { beginStatement } from './begin-statement';

/** What a session needs beside its connected client. */
export interface PgSessionParts {
  client: Client;
  facts: SessionFacts;
  /** How messages name the database. */
  label: string;
  /** Asks the server, over a connection of its own, to cancel what runs; resolves when it has taken note. */
  requestCancel(): Promise<void>;
  /** Breaks the connection at once. */
  destroy(): void;
}

/** What node-postgres accepts beside its typed settings. */
interface Statement {
  text: string;
  values?: unknown[];
  /** One statement only, parsed by the extended protocol; without it the simple protocol. */
  queryMode?: 'extended';
  name?: string;
}

const closeMilliseconds = 2000;

/** A session over node-postgres. Statements asked for at the same time run one after the other. */
export class PgSession implements Session {
  readonly facts: SessionFacts;
  readonly lost: AbortSignal;
  readonly #parts: PgSessionParts;
  readonly #loss = new AbortController();
  #tail: Promise<void> = Promise.resolve();
  #cancelRunning: (() => Promise<void>) | null = null;
  #inTransaction = false;
  #forgotten = false;
  #transactionSignal: AbortSignal | undefined;
  #closing: Promise<void> | null = null;

  constructor(parts: PgSessionParts) {
    this.#parts = parts;
    this.facts = parts.facts;
    this.lost = this.#loss.signal;
    parts.client.on('error', (error) => this.#markLost(connectionLost(parts.label, error)));
    parts.client.on('end', () =>
      this.#markLost(connectionLost(parts.label, new Error(t('the server closed it')))),
    );
  }

  async query<Row extends object = Record<string, unknown>>(
    sql: string,
    parameters: readonly unknown[] = [],
    options: QueryOptions = {},
  ): Promise<QueryResult<Row>> {
    const statement: Statement = { text: sql, values: [...parameters], queryMode: 'extended' };
    const result = await this.#runKept(statement, options);
    return { rows: result.rows as Row[], rowCount: result.rowCount ?? 0 };
  }

  get inTransaction(): boolean {
    const status = this.#parts.client.getTransactionStatus();
    return status !== null && status !== 'I';
  }

  async script(sql: string, options: QueryOptions = {}): Promise<void> {
    await this.#run({ text: sql }, options.signal);
  }

  async transaction<T>(work: () => Promise<T>, options: TransactionOptions = {}): Promise<T> {
    if (this.#inTransaction) {
      throw new SwitchbackError(
        'internal',
        t('A transaction was begun inside another. Report this with the log.'),
      );
    }
    this.#inTransaction = true;
    this.#transactionSignal = options.signal;
    try {
      await this.#run({ text: beginStatement(options) });
      return await this.#workAndEnd(work, options);
    } finally {
      this.#inTransaction = false;
      this.#transactionSignal = undefined;
    }
  }

  async cancel(): Promise<void> {
    await this.#cancelRunning?.();
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #workAndEnd<T>(work: () => Promise<T>, options: TransactionOptions): Promise<T> {
    let result: T;
    try {
      result = await work();
      throwIfAborted(options.signal, this.#parts.label);
    } catch (error) {
      await this.#rollBack();
      throw error;
    }
    this.#transactionSignal = undefined;
    this.#assertStillOpen();
    if (options.rollback) await this.#run({ text: 'rollback' });
    else await this.#commit();
    return result;
  }

  /** After a failure the transaction must not stay open; when it cannot be ended the session must. */
  async #rollBack(): Promise<void> {
    this.#transactionSignal = undefined;
    if (this.lost.aborted) return;
    try {
      await this.#run({ text: 'rollback' });
    } catch (error) {
      if (!isSwitchbackError(error, 'connection-lost')) this.#parts.destroy();
    }
  }

  /** SQL with a COMMIT in it has committed what a dry run meant to roll back: that must be told. */
  #assertStillOpen(): void {
    const { client, label } = this.#parts;
    if (client.getTransactionStatus() === 'I') {
      throw new SwitchbackError(
        'database-error',
        t(
          'The SQL run on {0} ended the transaction it was run in. Take COMMIT and ROLLBACK out of it.',
          label,
        ),
        { details: { sqlstate: '25P01', committed: 'unknown' } },
      );
    }
  }

  async #commit(): Promise<void> {
    const { label } = this.#parts;
    const result = await this.#run({ text: 'commit' }).catch((error: unknown) => {
      throw isSwitchbackError(error, 'connection-lost') ? commitUnknown(error, label) : error;
    });
    if (result.command !== 'COMMIT') {
      throw new SwitchbackError(
        'database-error',
        t(
          'The transaction on {0} was rolled back because a statement in it had failed. Correct that statement and run it again.',
          label,
        ),
        { details: { sqlstate: '25P02', committed: 'no' } },
      );
    }
  }

  /** Somebody's DISCARD ALL or DEALLOCATE ALL may have taken what was kept (26000): then the text is sent as any other. */
  async #runKept(statement: Statement, { keptAs, signal }: QueryOptions): Promise<PgResult> {
    if (keptAs === undefined || this.#forgotten) return this.#run(statement, signal);
    try {
      return await this.#run({ ...statement, name: keptAs }, signal);
    } catch (error) {
      if (!isSwitchbackError(error) || error.details.sqlstate !== '26000' || this.inTransaction) throw error;
      this.#forgotten = true;
      return this.#run(statement, signal);
    }
  }

  async #run(statement: Statement, signal?: AbortSignal): Promise<PgResult> {
    const before = this.#tail;
    let release = (): void => undefined;
    this.#tail = new Promise((resolve) => (release = resolve));
    await before;
    try {
      return await this.#send(statement, eitherSignal(signal, this.#transactionSignal));
    } finally {
      release();
    }
  }

  async #send(statement: Statement, signal: AbortSignal | undefined): Promise<PgResult> {
    const { client, label } = this.#parts;
    if (this.lost.aborted) throw this.lost.reason as SwitchbackError;
    if (this.#closing !== null) throw connectionLost(label, new Error(t('it was closed here')));
    throwIfAborted(signal, label);
    const cancellation: { asked: Promise<void> | null } = { asked: null };
    const cancel = (): Promise<void> => (cancellation.asked ??= this.#cancelOrBreak());
    const onAbort = (): void => void cancel();
    this.#cancelRunning = cancel;
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      return await client.query(statement);
    } catch (error) {
      const failure = queryError(error, label, cancellation.asked !== null);
      if (failure.code === 'connection-lost') this.#markLost(failure);
      throw failure;
    } finally {
      signal?.removeEventListener('abort', onAbort);
      this.#cancelRunning = null;
      // A cancel request still under way would hit the next statement.
      await cancellation.asked;
    }
  }

  /** A statement that cannot be cancelled would run on unseen: then the connection goes. */
  async #cancelOrBreak(): Promise<void> {
    try {
      await this.#parts.requestCancel();
    } catch {
      this.#parts.destroy();
    }
  }

  #markLost(reason: SwitchbackError): void {
    if (this.#closing === null && !this.lost.aborted) this.#loss.abort(reason);
  }

  async #end(): Promise<void> {
    if (this.lost.aborted) {
      this.#parts.destroy();
      return;
    }
    const timer = setTimeout(() => this.#parts.destroy(), closeMilliseconds);
    try {
      await this.cancel();
      await this.#tail;
      await this.#parts.client.end();
    } finally {
      clearTimeout(timer);
    }
  }
}

function throwIfAborted(signal: AbortSignal | undefined, label: string): void {
  if (!signal?.aborted) return;
  throw new SwitchbackError(
    'cancelled',
    t('The work on {0} was cancelled. Run it again when you are ready.', label),
    {
      cause: signal.reason,
    },
  );
}

function eitherSignal(one: AbortSignal | undefined, two: AbortSignal | undefined): AbortSignal | undefined {
  if (one && two) return AbortSignal.any([one, two]);
  return one ?? two;
}

function commitUnknown(error: SwitchbackError, label: string): SwitchbackError {
  return new SwitchbackError(
    'connection-lost',
    t(
      'The connection to {0} was lost while a transaction committed; it may or may not be committed. Connect again: the record in the database decides.',
      label,
    ),
    { cause: error, details: { ...error.details, committed: 'unknown' } },
  );
}
