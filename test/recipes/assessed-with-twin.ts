import type { Assessment } from '../../src/assess/assessment';
import type { Change } from '../../src/assess/change';
import { openSession } from '../../src/database/connect';
import type { Session } from '../../src/database/session';
import { assessmentOf } from '../plan/assessment';
import { testServer, type TestMajor } from '../support/servers';

/** The assessment of a change; several ones may need each other, and have a second database of the same schema for that. */
export async function assessedWithTwin(
  session: Session,
  change: Change,
  major: TestMajor,
  schema: string,
): Promise<Assessment> {
  if (change.kind !== 'several') return assessmentOf(session, change);
  const database = await (await testServer({ major })).createDatabase();
  const there = await openSession(database.connection, database.password);
  try {
    await there.script(schema);
    return await assessmentOf(session, change, there);
  } finally {
    await there.close();
    await database.drop();
  }
}
