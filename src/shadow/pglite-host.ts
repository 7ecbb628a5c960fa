import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Extension, Extensions, PGlite, PGliteOptions } from '@electric-sql/pglite';
import type { FromPglite, PgliteStart, ToPglite } from './pglite-protocol';

/*
 * Entry of the forked process in which PGlite lives. PGlite blocks its thread, knows no time-outs and
 * gives memory back only when its process ends: whatever goes wrong, the parent kills this process.
 */

/** 4 MB of shared buffers instead of 128: a shadow holds little, and starts faster. */
const sharedBuffers = ['-B', '512'];

let database: PGlite | null = null;
let tail: Promise<void> = Promise.resolve();

process.on('message', (message: ToPglite) => {
  tail = tail.then(() => answer(message));
});
process.on('disconnect', () => process.exit(0));
watchParent();

async function answer(message: ToPglite): Promise<void> {
  switch (message.type) {
    case 'start':
      try {
        database = await start(message.options);
        tell({ type: 'started' });
      } catch (error) {
        tell({ type: 'failed', reason: shortReason(error) });
      }
      return;
    case 'bytes':
      try {
        if (!database) throw new Error('PGlite has not started');
        tell({ type: 'bytes', bytes: await database.execProtocolRaw(message.bytes) });
      } catch (error) {
        tell({ type: 'broken', reason: shortReason(error) });
      }
      return;
  }
}

async function start(options: PgliteStart): Promise<PGlite> {
  const { PGlite } = await import('@electric-sql/pglite');
  const common: PGliteOptions = {
    extensions: await contribExtensions(path.join(options.distFolder, 'contrib')),
    startParams: [...PGlite.defaultStartParams, ...sharedBuffers],
    initDbStartParams: ['--wal-segsize=1'],
  };
  if (options.dataFolder !== null) return await PGlite.create({ ...common, dataDir: options.dataFolder });
  const template =
    options.templateFile === null ? null : await readFile(options.templateFile).catch(() => null);
  if (template) return await PGlite.create({ ...common, loadDataDir: new Blob([template]) });
  const fresh = await PGlite.create(common);
  if (options.templateFile !== null) await keepTemplate(fresh, options.templateFile);
  return fresh;
}

/** Written under another name first: two processes may do it at once. */
async function keepTemplate(fresh: PGlite, file: string): Promise<void> {
  const temporary = `${file}.${process.pid}`;
  try {
    const tar = await fresh.dumpDataDir('none');
    await writeFile(temporary, Buffer.from(await tar.arrayBuffer()), { mode: 0o600 });
    await rename(temporary, file);
  } catch {
    // A folder that cannot be written to costs the next start two seconds, nothing else.
    await rm(temporary, { force: true });
  }
}

async function contribExtensions(folder: string): Promise<Extensions> {
  const files = await readdir(folder).catch(() => [] as string[]);
  const names = files
    .filter((file) => file.endsWith('.tar.gz'))
    .map((file) => file.slice(0, -'.tar.gz'.length));
  return Object.fromEntries(
    names.map((name) => [name, extension(name, path.join(folder, `${name}.tar.gz`))]),
  );
}

function extension(name: string, bundle: string): Extension {
  return { name, setup: async () => ({ bundlePath: pathToFileURL(bundle) }) };
}

/** An uncaught PGlite error carries kilobytes of minified source. */
function shortReason(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]!.slice(0, 300);
}

function tell(message: FromPglite): void {
  process.send?.(message);
}

/** A long statement blocks this thread, so another one sees to it that the process ends with its parent. */
function watchParent(): void {
  const source = `
    setInterval(() => {
      try { process.kill(${process.ppid}, 0); } catch (error) {
        if (error.code === 'ESRCH') process.kill(${process.pid}, 'SIGKILL');
      }
    }, 1000);`;
  new Worker(source, { eval: true }).unref();
}
