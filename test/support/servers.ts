import { randomBytes } from 'node:crypto';
import path from 'node:path';
import pg from 'pg';
import { openSession } from '../../src/database/connect';
import type { Connection } from '../../src/database/connection';
import type { Session } from '../../src/database/session';
import { quoteIdentifier } from '../../src/sql/identifier';
import { startLocalServer, type LocalServer } from '../../src/shadow/local-server';
import type { LocalServerOptions } from '../../src/shadow/local-server-setup';
import { findPostgresBinaries, type PostgresBinaries } from '../../src/shadow/postgres-binaries';

/** The oldest supported and the newest PostgreSQL; both come from npm. */
export type TestMajor = 12 | 18;

export const testMajors: readonly TestMajor[] = [12, 18];

export interface TestServerOptions {
  major: TestMajor;
  /** A server with settings of its own is shared only by those who ask for the same. */
  settings?: LocalServerOptions['settings'];
  /** fsync on, for benchmarks and crash tests. */
  durable?: boolean;
}

/** A real server, shared by all tests of this process and stopped after the last. */
export interface TestServer {
  server: LocalServer;
  /** A database of its own for one test; a copy of `template` when one is named. */
  createDatabase(template?: string): Promise<TestDatabase>;
}

export interface TestDatabase {
  connection: Connection;
  password: string;
  /** Removes it, ending sessions that are still open. */
  drop(): Promise<void>;
}

const root = path.resolve(__dirname, '..', '..');
const started = new Map<string, Promise<TestServer>>();

/** Call it from before() or a test; import this file at the top of the test file, so that its after() is a root hook. */
export function testServer(options: TestServerOptions): Promise<TestServer> {
  const key = JSON.stringify([options.major, options.settings ?? {}, options.durable ?? false]);
  let server = started.get(key);
  if (!server) {
    server = start(options);
    started.set(key, server);
  }
  return server;
}

/** The npm binaries of a major version. Throws, with what to do, where they are missing. */
export async function testBinaries(major: TestMajor): Promise<PostgresBinaries> {
  const lines: string[] = [];
  const found = await findPostgresBinaries({
    packageFolders: [root],
    searchPath: '',
    log: (line) => lines.push(line),
  });
  const binaries = found.find((candidate) => candidate.major === major);
  if (!binaries)
    throw new Error(
      `The npm packages with PostgreSQL ${major} are missing or do not run. Run "npm ci".\n${lines.join('\n')}`,
    );
  return binaries;
}

/** Stops every server of this process: the root hook does; a program that is not mocha calls it itself. */
export async function stopTestServers(): Promise<void> {
  const servers = [...started.values()];
  started.clear();
  for (const server of servers) {
    const running = await server.catch(() => null);
    await running?.server.stop();
  }
}

if (typeof after === 'function') after(stopTestServers);

/** A session to a test database, as its superuser unless the connection is changed. */
export function testSession(database: TestDatabase, changes: Partial<Connection> = {}): Promise<Session> {
  return openSession({ ...database.connection, ...changes }, database.password, { applicationName: 'test' });
}

async function start(options: TestServerOptions): Promise<TestServer> {
  const server = await startLocalServer({
    binaries: await testBinaries(options.major),
    durable: options.durable ?? false,
    inMemory: !options.durable,
    settings: { max_connections: 200, ...options.settings },
  });
  return { server, createDatabase: (template) => createDatabase(server, template) };
}

async function createDatabase(server: LocalServer, template = 'template0'): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asSuperuser(server, `CREATE DATABASE ${quoteIdentifier(name)} TEMPLATE ${quoteIdentifier(template)}`);
  return {
    connection: server.connection(name),
    password: server.password ?? '',
    drop: async () => {
      await asSuperuser(
        server,
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`,
      );
      await asSuperuser(server, `DROP DATABASE IF EXISTS ${quoteIdentifier(name)}`);
    },
  };
}

async function asSuperuser(server: LocalServer, sql: string): Promise<void> {
  const client = new pg.Client({
    host: server.host,
    port: server.port,
    user: server.user,
    password: server.password ?? '',
    database: 'postgres',
  });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
