import { openSession } from '../../src/database/connect';
import type { Session } from '../../src/database/session';
import { testServer, type TestDatabase, type TestMajor } from './servers';

/** Gives the tests of a `describe` a session in a database of their own; both end with them. */
export function beforeInDatabase(major: TestMajor, use: (session: Session) => void): void {
  let database: TestDatabase;
  let session: Session;
  before(async () => {
    database = await (await testServer({ major })).createDatabase();
    session = await openSession(database.connection, database.password);
    use(session);
  });
  after(async () => {
    await session?.close();
    await database?.drop();
  });
}
