import type { Database } from '../journey/database';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';

/** Actions one after the other, each on the database it was asked for. */
export class DatabaseActions {
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly current: () => Database | null) {}

  /** Does the work in its turn. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.last.then(work);
    this.last = result.catch(() => undefined);
    return result;
  }

  /** Acts on a database in its turn. Throws `not-found` where the window has left it by then: the one it went to was not meant. */
  on<T>(database: Database, work: (database: Database) => Promise<T>): Promise<T> {
    return this.inTurn(() => {
      if (this.current() === database) return work(database);
      throw new SwitchbackError(
        'not-found',
        t('{0} is no longer connected, so this was not done. Ask for it again.', database.sessions.label),
      );
    });
  }
}
