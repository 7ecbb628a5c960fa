import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { openSession } from '../../src/database/connect';
import type { Session } from '../../src/database/session';
import { startLocalServer, type LocalServer } from '../../src/shadow/local-server';
import { findPostgresBinaries } from '../../src/shadow/postgres-binaries';

/** A server of pg_dump's own major version: to an older or newer one it is not fair, or refuses. */
export interface DumpServer {
  major: number;
  /** A session to a new database, a copy of `template` when one is named. */
  open(name: string, template?: string): Promise<Session>;
  remove(name: string): Promise<void>;
  /** What `pg_dump -s` says of a database. */
  dump(name: string): Promise<string>;
  stop(): Promise<void>;
}

/** null, said on the console, where pg_dump or a server of its version is missing. */
export async function startDumpServer(): Promise<DumpServer | null> {
  const version = await promisify(execFile)('pg_dump', ['--version']).catch(() => null);
  const major = Number(/(\d+)/.exec(version?.stdout ?? '')?.[1]);
  const found = version ? await findPostgresBinaries() : [];
  const binaries = found.find((candidate) => candidate.major === major);
  if (!binaries) {
    console.log(
      version ? `No server of pg_dump's version (${major}) is on this machine.` : 'pg_dump is not on PATH.',
    );
    return null;
  }
  const server = await startLocalServer({
    binaries,
    durable: false,
    settings: { max_connections: 40, max_logical_replication_workers: 0 },
  });
  const administrator = await openSession(server.connection('postgres'), server.password ?? '', {
    applicationName: 'test',
  });
  // The files of a small database are copied sooner than its pages are logged.
  const copied = major >= 15 ? ' STRATEGY file_copy' : '';
  return {
    major,
    open: async (name, template = 'template0') => {
      await administrator.script(`CREATE DATABASE ${name} TEMPLATE ${template}${copied}`);
      return await openSession(server.connection(name), server.password ?? '', { applicationName: 'test' });
    },
    remove: async (name) => {
      await administrator.script(`DROP DATABASE ${name} WITH (FORCE)`);
    },
    dump: (name) => dump(server, name),
    stop: async () => {
      await administrator.close();
      await server.stop();
    },
  };
}

async function dump(server: LocalServer, name: string): Promise<string> {
  const { stdout } = await promisify(execFile)(
    'pg_dump',
    [
      '-s',
      '--exclude-schema=switchback',
      '-h',
      server.host,
      '-p',
      String(server.port),
      '-U',
      server.user,
      name,
    ],
    { env: { ...process.env, PGPASSWORD: server.password ?? '' }, maxBuffer: 64 * 1024 * 1024 },
  );
  // The key of a session's restrictions is another one each time.
  return stdout.replace(/^\\(un)?restrict .*$/gm, '');
}
