import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

const program = path.resolve(__dirname, '..', '..', 'dist', 'cli.js');

/** A workspace with a temporary folder and a cache of its own, and the processes that were started from it. */
export interface KilledWorld {
  readonly folder: string;
  /** Starts the command line in it. */
  start(...words: string[]): Run;
  write(name: string, text: string): Promise<void>;
  remove(name: string): Promise<void>;
  /** Everything that runs, listens or lies there, in words; what is cached on purpose is not among it. */
  left(): Promise<string[]>;
  /** Processes whose command line has this in it. */
  processes(part?: string): Promise<number[]>;
  /** Sends SIGKILL to all that run. */
  killAll(): Promise<void>;
  /** Resolves when something that is being written is seen in the folder of kept states. */
  stateBegun(signal: AbortSignal): Promise<void>;
  /** Leaves a state there that this process has only begun to write. */
  writeHalfState(pid: number): Promise<void>;
  dispose(): Promise<void>;
}

export interface Run {
  readonly child: ChildProcess;
  /** Of standard error, so far. */
  readonly told: () => string;
  /** Resolves when a line on standard error has this; rejects when the program ends before. */
  tells(part: string): Promise<void>;
  /** The exit code; null where it was killed. */
  readonly ended: Promise<number | null>;
}

/** Only Linux tells the environment of processes, which is how those of this world are known. */
export const isTold = process.platform === 'linux';

export async function killedWorld(): Promise<KilledWorld> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'switchback-killed-'));
  await chmod(folder, 0o755);
  const [temporary, cache, mark] = ['tmp', 'cache', 'mark'].map((name) => path.join(folder, name));
  for (const name of ['tmp', 'cache', 'migrations']) await mkdir(path.join(folder, name));
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    // All that a run starts inherits the path, and little else.
    PATH: `${mark}:${process.env.PATH}`,
    TMPDIR: temporary,
    XDG_CACHE_HOME: cache,
  };
  const processes = async (part = ''): Promise<number[]> => {
    const found: number[] = [];
    for (const name of await readdir('/proc')) {
      if (!/^\d+$/.test(name)) continue;
      const variables = await readFile(`/proc/${name}/environ`, 'utf8').catch(() => '');
      const command = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
      if (command !== '' && variables.includes(mark!) && command.includes(part)) found.push(Number(name));
    }
    return found;
  };
  const killAll = async (): Promise<void> => {
    for (const pid of await processes()) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
    }
  };
  const states = path.join(cache!, 'switchback', 'states');
  return {
    folder,
    processes,
    killAll,
    start: (...words) => startRun(folder, environment, words),
    write: (name, text) => writeFile(path.join(folder, 'migrations', name), text),
    remove: (name) => rm(path.join(folder, 'migrations', name)),
    async left() {
      const found: string[] = [];
      for (const pid of await processes()) found.push(`process ${await describe_(pid)}`);
      for (const name of await readdir(temporary!)) found.push(`temporary ${name}`);
      const cached = await readdir(cache!, { recursive: true, withFileTypes: true });
      for (const entry of cached.filter((each) => each.isFile() && !isWhole(each.name)))
        found.push(`cached ${entry.name}`);
      return found;
    },
    async stateBegun(signal) {
      await mkdir(states, { recursive: true, mode: 0o700 });
      await new Promise<void>((resolve, reject) => {
        const watcher = watch(states, { signal }, (_, name) => {
          if (name === null || isWhole(name)) return;
          watcher.close();
          resolve();
        });
        watcher.on('error', reject);
      });
    },
    writeHalfState: (pid) => writeFile(path.join(states, `${'0'.repeat(64)}.state.${pid}`), 'half'),
    async dispose() {
      await killAll();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Templates, states and compiled programs stay; under their own names they are whole. */
function isWhole(name: string): boolean {
  return /\.(?:tar|state)$/.test(name) || /\.js\.[0-9a-f]{32}$/.test(name);
}

async function describe_(pid: number): Promise<string> {
  const command = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0').join(' ');
  return `${pid} ${command.slice(0, 200)}${(await listens(pid)) ? '(listens)' : ''}`;
}

/** https://www.kernel.org/doc/html/latest/networking/proc_net_tcp.html: 0A is LISTEN. */
async function listens(pid: number): Promise<boolean> {
  const table = await readFile('/proc/net/tcp', 'utf8');
  const listening = new Set(
    table
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === '0A')
      .map((fields) => `socket:[${fields[9]}]`),
  );
  for (const descriptor of await readdir(`/proc/${pid}/fd`).catch(() => [] as string[]))
    if (listening.has(await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => ''))) return true;
  return false;
}

function startRun(folder: string, environment: NodeJS.ProcessEnv, words: readonly string[]): Run {
  const child = spawn(process.execPath, [program, ...words], {
    cwd: folder,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let told = '';
  child.stdout.resume();
  child.stderr.setEncoding('utf8').on('data', (text: string) => (told += text));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return {
    child,
    told: () => told,
    ended,
    tells: (part) =>
      new Promise<void>((resolve, reject) => {
        const look = (): void => {
          if (told.includes(part)) resolve();
        };
        child.stderr.on('data', look);
        void ended.then(() => reject(new Error(`It ended without "${part}":\n${told}`)));
        look();
      }),
  };
}
