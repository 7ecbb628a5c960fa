import { openSession } from '../../src/database/connect';
import type { Session } from '../../src/database/session';
import { testServer, type TestMajor } from '../support/servers';

/** An empty database on a real server, and sessions to it that end with the test. */
export async function withDatabase(
  major: TestMajor,
  work: (session: Session) => Promise<void>,
): Promise<void> {
  const server = await testServer({ major });
  const database = await server.createDatabase();
  try {
    const session = await openSession(database.connection, database.password);
    try {
      await work(session);
    } finally {
      await session.close();
    }
  } finally {
    await database.drop();
  }
}
