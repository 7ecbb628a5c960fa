import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

export const repository = path.resolve(__dirname, '..', '..', '..');

/** A temporary folder of one run, removed by `remove`. */
export async function temporaryFolder(name: string): Promise<{ folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(path.join(os.tmpdir(), `switchback-${name}-`));
  return {
    folder,
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }),
  };
}

/** A copy of samples/shop in `folder`, its .env naming the database at `url`. */
export async function copyShop(folder: string, url: string | null): Promise<string> {
  const workspace = path.join(folder, 'shop');
  await cp(path.join(repository, 'samples', 'shop'), workspace, { recursive: true });
  if (url !== null) {
    const file = path.join(workspace, '.env');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace(/^DATABASE_URL=.*$/m, `DATABASE_URL=${url}`));
  }
  return workspace;
}
