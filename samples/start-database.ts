import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Client } from 'pg';
import { startLocalServer, type LocalServer } from '../src/shadow/local-server';
import { chooseBinaries, findPostgresBinaries } from '../src/shadow/postgres-binaries';
import { errorText } from '../src/messages/error';
import { seedShop } from './shop-seed';

const newestMajor = 18;

/**
 * The database of `npm start`: a real PostgreSQL that keeps its data and holds the sample shop, made once.
 * Tells the parent process its URL and stops when the parent is gone or asks for it.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { data: { type: 'string' }, repository: { type: 'string' } } });
  if (!values.data || !values.repository || !process.send)
    throw new Error('start-database is started by scripts/start.mjs.');
  process.on('SIGINT', () => undefined);
  const binaries = chooseBinaries(
    await findPostgresBinaries({ packageFolders: [values.repository] }),
    newestMajor,
  );
  if (!binaries) throw new Error('PostgreSQL from npm is missing or does not run. Run "npm ci", then again.');
  const password = await keptPassword(values.data);
  const server = await startLocalServer({ binaries, persistentFolder: values.data, password });
  let stopping: Promise<void> | undefined;
  const stop = (): void => {
    stopping ??= server.stop().finally(() => process.exit());
  };
  process.on('disconnect', stop);
  process.on('SIGTERM', stop);
  try {
    await ensureShop(server, path.join(values.repository, 'samples'));
  } catch (error) {
    await server.stop();
    throw error;
  }
  const url = `postgres://${server.user}:${encodeURIComponent(password)}@${server.host}:${server.port}/shop`;
  process.send({ url, version: binaries.version });
}

/** The same password each time, so that a connection saved in VS Code goes on working. */
async function keptPassword(folder: string): Promise<string> {
  const file = `${folder}.password`;
  const kept = await readFile(file, 'utf8').catch(() => null);
  if (kept) return kept;
  const password = randomBytes(18).toString('base64url');
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, password, { mode: 0o600 });
  await chmod(file, 0o600);
  return password;
}

/** Seeds under another name and renames last: a seeding that was interrupted starts again. */
async function ensureShop(server: LocalServer, samples: string): Promise<void> {
  const existing = await query(server, 'postgres', "SELECT 1 FROM pg_database WHERE datname = 'shop'");
  if (existing > 0) return;
  await query(server, 'postgres', 'DROP DATABASE IF EXISTS shop_new');
  await query(server, 'postgres', 'CREATE DATABASE shop_new');
  await withClient(server, 'shop_new', async (client) => seedShop((sql) => client.query(sql), samples));
  await query(server, 'postgres', 'ALTER DATABASE shop_new RENAME TO shop');
}

async function query(server: LocalServer, database: string, sql: string): Promise<number> {
  return await withClient(server, database, async (client) => (await client.query(sql)).rowCount ?? 0);
}

async function withClient<T>(
  server: LocalServer,
  database: string,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const pg = await import('pg');
  const { host, port, user, password } = server;
  const client = new pg.default.Client({ host, port, user, password: password ?? undefined, database });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

main().catch((error: unknown) => {
  console.error(errorText(error));
  process.exit(1);
});
