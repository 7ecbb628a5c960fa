import type { ApplyMigrationRequest } from '../../src/implement/apply-migration';
import type { ReleasedFile } from '../../src/implement/run-context';
import { loadParser } from '../../src/sql/parser';
import { systemClock } from '../../src/ports/clock';
import { openSession, sessionFactory } from '../../src/database/connect';
import type { Session, SessionFactory } from '../../src/database/session';
import { testServer, type TestDatabase, type TestMajor } from '../support/servers';

/** A database of its own with a session to look at it, removed by `drop`. */
export interface Bench {
  database: TestDatabase;
  sessions: SessionFactory;
  look: Session;
  clock: ReturnType<typeof systemClock>;
  drop(): Promise<void>;
}

export async function openBench(major: TestMajor, sql = ''): Promise<Bench> {
  const server = await testServer({ major });
  const bench = await openBenchOn(await server.createDatabase());
  if (sql !== '') await bench.look.script(sql);
  return bench;
}

/** The same on a database that is there already. */
export async function openBenchOn(database: TestDatabase): Promise<Bench> {
  const look = await openSession(database.connection, database.password, { applicationName: 'test' });
  return {
    database,
    sessions: sessionFactory(database.connection, async () => database.password),
    look,
    clock: systemClock(),
    drop: async () => {
      await look.close();
      await database.drop();
    },
  };
}

/** One value of one row. */
export async function value<T = string>(session: Session, sql: string): Promise<T> {
  const { rows } = await session.query<Record<string, T>>(sql);
  return Object.values(rows[0]!)[0]!;
}

/** What one migration file is applied, marked or taken back with. */
export async function requestFor(bench: Bench, file: ReleasedFile): Promise<ApplyMigrationRequest> {
  return {
    file,
    sessions: bench.sessions,
    environment: 'development',
    confirmedDatabase: null,
    by: 'tester',
    lockTimeoutMilliseconds: 200,
    parser: await loadParser(),
    onEvent: () => undefined,
    clock: bench.clock,
    signal: new AbortController().signal,
  };
}
