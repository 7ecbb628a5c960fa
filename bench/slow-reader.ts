import { openSession } from '../src/database/connect';
import type { TestDatabase } from '../test/support/servers';

/** A report that keeps a transaction open on a table for two seconds, again and again: what DDL has to wait for. */
export async function startSlowReader(
  database: TestDatabase,
  table: string,
): Promise<{ stop(): Promise<void> }> {
  const session = await openSession(database.connection, database.password, {
    applicationName: 'slow reader',
  });
  const pause = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => setTimeout(resolve, milliseconds));
  let stopped = false;
  const reading = (async () => {
    while (!stopped) {
      await session.transaction(async () => {
        await session.query(`select count(*) from ${table}`);
        await pause(2000);
      });
      await pause(700);
    }
  })();
  return {
    stop: async () => {
      stopped = true;
      await reading;
      await session.close();
    },
  };
}
