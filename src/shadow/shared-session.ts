import type { Session, SessionFactory, TransactionOptions } from '../database/session';

/**
 * Lets several users take turns on the one session an embedded database has: a transaction keeps the turn
 * until it ends, everything else waits for it. Closing a handle leaves the session open.
 */
export function shareSession(session: Session, label: string): SessionFactory {
  const turns = new Turns();
  return {
    label,
    open: async (options = {}) => {
      options.signal?.throwIfAborted();
      session.lost.throwIfAborted();
      return new SharedSession(session, turns);
    },
  };
}

/** One at a time, in the order of asking. */
class Turns {
  #last: Promise<unknown> = Promise.resolve();

  take<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work, work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

class SharedSession implements Session {
  readonly facts: Session['facts'];
  readonly lost: AbortSignal;
  readonly #session: Session;
  readonly #turns: Turns;
  #inTransaction = false;

  constructor(session: Session, turns: Turns) {
    this.facts = session.facts;
    this.lost = session.lost;
    this.#session = session;
    this.#turns = turns;
  }

  query: Session['query'] = (sql, parameters, options) =>
    this.#inTurn(() => this.#session.query(sql, parameters, options));

  script: Session['script'] = (sql, options) => this.#inTurn(() => this.#session.script(sql, options));

  transaction<T>(work: () => Promise<T>, options?: TransactionOptions): Promise<T> {
    return this.#inTurn(() =>
      this.#session.transaction(async () => {
        this.#inTransaction = true;
        try {
          return await work();
        } finally {
          this.#inTransaction = false;
        }
      }, options),
    );
  }

  get inTransaction(): boolean {
    return this.#session.inTransaction;
  }

  cancel(): Promise<void> {
    return this.#session.cancel();
  }

  async close(): Promise<void> {}

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    return this.#inTransaction ? work() : this.#turns.take(work);
  }
}
