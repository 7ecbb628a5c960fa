import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import type { MigrationChange, NewMigrationAnswers } from '../../../src/implement/new-migration/answers';
import { compareCatalogs, type Difference } from '../../../src/catalog/compare';
import { readCatalog } from '../../../src/catalog/read-catalog';
import type { Catalog } from '../../../src/catalog/catalog';
import { testSession, type TestDatabase } from '../../support/servers';

/** Names that break whatever does not quote them. */
export const hostile = {
  schema: 'Sch"ema',
  table: `o'r"d\`er\${s} %s -- */ 𝒙`,
  column: `c"o'l\`um\${n} \\ */`,
  key: `K"e'y \`\${1}`,
};

/** A folder of its own with an empty `migrations` in it; removed after the test. */
export async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'switchback-new-'));
  try {
    await mkdir(path.join(folder, 'migrations'));
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export function answersFor(
  root: string,
  language: NewMigrationAnswers['language'],
  change: MigrationChange,
  name = 'a new migration',
): NewMigrationAnswers {
  return { folder: path.join(root, 'migrations'), name, language, change };
}

export function clientConfig({ connection, password }: TestDatabase): pg.ClientConfig {
  const { host, port, user, database } = connection;
  return { host, port, user, database, password };
}

export async function withClient<T>(
  database: TestDatabase,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client(clientConfig(database));
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

export async function catalogOf(database: TestDatabase): Promise<Catalog> {
  const session = await testSession(database);
  try {
    return await readCatalog(session);
  } finally {
    await session.close();
  }
}

/** Differences but for the place of a column that was dropped and added again. */
export function structural(before: Catalog, after: Catalog): Difference[] {
  return compareCatalogs(before, after).filter((difference) => difference.kind !== 'order');
}
