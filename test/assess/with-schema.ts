import { openSession } from '../../src/database/connect';
import type { Session } from '../../src/database/session';
import { testMajors, testServer, type TestDatabase, type TestMajor } from '../support/servers';

/** A database of its own for the tests of a `describe`, made by this SQL; what it gives is its session, once they run. */
export function withSchema(schema: string, major: TestMajor = testMajors.at(-1)!): () => Session {
  let database: TestDatabase;
  let session: Session;
  before(async () => {
    database = await (await testServer({ major })).createDatabase();
    session = await openSession(database.connection, database.password);
    await session.script(schema);
  });
  after(async () => {
    await session.close();
    await database.drop();
  });
  return () => session;
}
