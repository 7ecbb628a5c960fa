import { rmSync } from 'node:fs';
import { access, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Extension, Extensions, PGlite, PGliteOptions } from '@electric-sql/pglite';
import { packState, unpackState, type KeptState } from './kept-state';
import { unfinishedName } from './kept-states';
import type { FromPglite, PgliteStart, ToPglite } from './pglite-protocol';
import { readTemplate, writeTemplate, type Template } from './pglite-template';

/*
 * Entry of the forked process in which PGlite lives. PGlite blocks its thread, knows no time-outs and
 * gives memory back only when its process ends: whatever goes wrong, the parent kills this process.
 */

/** 4 MB of shared buffers instead of 128: a shadow holds little, and starts faster. */
const sharedBuffers = ['-B', '512'];

let database: PGlite | null = null;
let tail: Promise<void> = Promise.resolve();
/** What is being written. */
let unfinished: string | null = null;

process.on('message', (message: ToPglite) => {
  tail = tail.then(() => answer(message));
});
process.on('disconnect', () => {
  if (unfinished !== null) rmSync(unfinished, { force: true });
  process.exit(0);
});
watchParent();
letOthersGoFirst();
/** Node has it; its types come with a browser's. */
interface Compiler {
  compile(bytes: Uint8Array): Promise<WebAssembly.Module>;
}
const compiler = (globalThis as unknown as { WebAssembly: Compiler }).WebAssembly;

// The optimising compiler would work at what a short life never uses again, and while it does all else waits:
// https://v8.dev/docs/wasm-compilation-pipeline
if (process.argv[3] === 'quick') setFlagsFromString('--liftoff-only');

// A process that is forked before it is needed has read and compiled its program by then.
const program = loadProgram();
program.catch(() => undefined);
const reading = readTemplate(__dirname);

async function loadProgram(): Promise<{
  pglite: typeof import('@electric-sql/pglite');
  wasm: WebAssembly.Module;
}> {
  const [pglite, bytes] = await Promise.all([
    import('@electric-sql/pglite'),
    readFile(path.join(__dirname, 'pglite.wasm')),
  ]);
  return { pglite, wasm: await compiler.compile(bytes) };
}

async function answer(message: ToPglite): Promise<void> {
  switch (message.type) {
    case 'start':
      try {
        tell({ type: 'started', note: await start(message.options) });
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
    case 'keep':
      try {
        await keepState(message.file, message.note);
        tell({ type: 'kept' });
      } catch (error) {
        tell({ type: 'broken', reason: shortReason(error) });
      }
      return;
    case 'template':
      try {
        await writeTemplate(__dirname, await dataFolderTar());
        tell({ type: 'kept' });
      } catch (error) {
        tell({ type: 'broken', reason: shortReason(error) });
      }
      return;
  }
}

async function start(options: PgliteStart): Promise<string | null> {
  const { pglite, wasm } = await program;
  const common: PGliteOptions = {
    pgliteWasmModule: wasm,
    extensions: await contribExtensions(path.join(options.distFolder, 'contrib')),
    startParams: [...pglite.PGlite.defaultStartParams, ...sharedBuffers],
    initDbStartParams: ['--wal-segsize=1'],
  };
  const create = async (dataFolder: Partial<PGliteOptions>): Promise<void> => {
    database = await pglite.PGlite.create({ ...common, ...dataFolder });
  };
  const template = await reading;
  if (options.dataFolder !== null) {
    const empty = template && !(await isThere(path.join(options.dataFolder, 'PG_VERSION')));
    const loadDataDir = empty ? new Blob([template.tar]) : undefined;
    await create({ dataDir: options.dataFolder, loadDataDir });
    return null;
  }
  // A damaged or missing template costs the time of initdb, and no state is kept.
  const state = template && (await firstWhole(template, options.stateFiles));
  const tar = state?.tar ?? template?.tar;
  await create(tar ? { loadDataDir: new Blob([tar]) } : {});
  return state?.note ?? null;
}

async function isThere(file: string): Promise<boolean> {
  return await access(file).then(
    () => true,
    () => false,
  );
}

async function firstWhole(template: Template, files: readonly string[]): Promise<KeptState | null> {
  for (const file of files) {
    const bytes = await readFile(file).catch(() => null);
    if (!bytes) continue;
    try {
      return unpackState(template, bytes);
    } catch {
      // It is of no use to the next either.
      await rm(file, { force: true }).catch(() => undefined);
    }
  }
  return null;
}

async function keepState(file: string, note: string): Promise<void> {
  const template = await reading;
  if (!template) throw new Error('There is no template');
  await writeWhole(file, packState(template, { tar: await dataFolderTar(), note }));
}

async function dataFolderTar(): Promise<Buffer> {
  if (!database) throw new Error('PGlite has not started');
  return Buffer.from(await (await database.dumpDataDir('none')).arrayBuffer());
}

/** Written under another name first: two processes may do it at once. */
async function writeWhole(file: string, bytes: Buffer): Promise<void> {
  const temporary = (unfinished = unfinishedName(file));
  try {
    await writeFile(temporary, bytes, { mode: 0o600 });
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  } finally {
    unfinished = null;
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

/** Whoever waits for an editor waits longer than whoever waits for a rehearsal. */
function letOthersGoFirst(): void {
  try {
    os.setPriority(os.constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Where that is not allowed it has the same right as all.
  }
}

/** A long statement blocks this thread, so another one sees to it that the process ends with its parent. */
function watchParent(): void {
  const source = `
    const parent = ${Number(process.argv[2])};
    const first = ${process.ppid};
    const end = () => process.kill(${process.pid}, 'SIGKILL');
    setInterval(() => {
      if (process.ppid !== first) end();
      try { process.kill(parent, 0); } catch (error) {
        if (error.code === 'ESRCH') end();
      }
    }, 500);`;
  new Worker(source, { eval: true }).unref();
}
