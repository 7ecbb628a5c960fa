import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** The version that `schema_migrations` says; the migrations after it are pending. */
export const lastAppliedVersion = 9;

/**
 * Makes the sample shop in an empty database: the applied migrations, then 50,000 customers and 200,000
 * orders, in about five seconds. `run` sends a text of several statements through the simple protocol, as
 * a superuser. `samples` is this folder's absolute path.
 */
export async function seedShop(run: (sql: string) => Promise<unknown>, samples = __dirname): Promise<void> {
  const migrations = path.join(samples, 'shop', 'migrations');
  const ups = (await readdir(migrations)).filter((name) => name.endsWith('.up.sql')).sort();
  for (const name of ups) {
    if (Number.parseInt(name, 10) > lastAppliedVersion) break;
    await run(await readFile(path.join(migrations, name), 'utf8'));
  }
  await run(await readFile(path.join(samples, 'shop-seed.sql'), 'utf8'));
}
