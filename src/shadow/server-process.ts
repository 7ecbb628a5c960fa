import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { processLives } from '../ports/process-lives';
import { executable } from './postgres-binaries';
import type { ServerUser } from './server-user';

export interface ServerProcessOptions {
  binFolder: string;
  dataFolder: string;
  user: ServerUser | null;
  settings: Record<string, string>;
  /** Removed by the guard when this process dies; null keeps everything. */
  removeFolder: string | null;
  log: (line: string) => void;
  signal?: AbortSignal;
}

/** A running postmaster and the guard that stops it should this process die. */
export interface ServerProcess {
  readonly pid: number;
  /** Resolves when the postmaster is gone. */
  readonly exited: Promise<void>;
  stop(mode: 'fast' | 'immediate' | 'kill'): Promise<void>;
}

const startMilliseconds = 60_000;

/**
 * Starts `postgres` and waits until it accepts connections (the last line of postmaster.pid says
 * ready: https://www.postgresql.org/docs/current/storage-file-layout.html). Throws `no-shadow`.
 */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const settings = Object.entries(options.settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(
    path.join(options.binFolder, executable('postgres')),
    ['-D', options.dataFolder, ...settings],
    {
      cwd: options.dataFolder,
      env: serverEnvironment(),
      stdio: ['ignore', 'ignore', 'pipe'],
      ...(options.user ? { uid: options.user.uid, gid: options.user.gid } : {}),
    },
  );
  const lines = collectLines(child, options.log);
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const guard = startGuard(child, options);
  void exited.then(() => stopGuard(guard));
  const stop = (mode: 'fast' | 'immediate' | 'kill'): Promise<void> =>
    stopPostmaster(child, exited, mode, options);
  try {
    await waitUntilReady(child, exited, options, lines);
  } catch (error) {
    await stop('kill');
    throw error;
  }
  return { pid: child.pid!, exited, stop };
}

/** The environment of a server or initdb: nothing of libpq's, no locale of the user's. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  const kept = ['PATH', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH'];
  const environment: NodeJS.ProcessEnv = { LC_ALL: 'C', TZ: 'UTC' };
  for (const name of kept) if (process.env[name] !== undefined) environment[name] = process.env[name];
  return environment;
}

/** A port of 127.0.0.1 that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string')
    throw new SwitchbackError('internal', t('No free port was given.'));
  return address.port;
}

function collectLines(child: ChildProcess, log: (line: string) => void): string[] {
  const lines: string[] = [];
  child.on('error', (error) => lines.push(error.message));
  child.stderr?.setEncoding('utf8');
  child.stderr?.on('data', (text: string) => {
    for (const line of text.split('\n')) {
      if (line.trim() === '') continue;
      lines.push(line);
      if (lines.length > 40) lines.shift();
      log(line);
    }
  });
  return lines;
}

async function waitUntilReady(
  child: ChildProcess,
  exited: Promise<void>,
  options: ServerProcessOptions,
  lines: string[],
): Promise<void> {
  const deadline = Date.now() + startMilliseconds;
  let gone = false;
  void exited.then(() => (gone = true));
  for (;;) {
    options.signal?.throwIfAborted();
    if (gone) throw startFailure(options, lines);
    const text = await readFile(path.join(options.dataFolder, 'postmaster.pid'), 'utf8').catch(() => '');
    const [pid, , , , , , , status] = text.split('\n');
    if (Number(pid) === child.pid && status?.trim() === 'ready') return;
    if (Date.now() > deadline)
      throw startFailure(options, [...lines, `not ready after ${startMilliseconds / 1000} s`]);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function startFailure(options: ServerProcessOptions, lines: string[]): SwitchbackError {
  const reason = lines.find((line) => /FATAL|PANIC|ENOENT|EACCES/.test(line)) ?? lines.at(-1) ?? '';
  return new SwitchbackError(
    'no-shadow',
    t(
      'PostgreSQL in "{0}" did not start: {1}. Choose another shadow database, or look at the log.',
      options.binFolder,
      reason.trim(),
    ),
    { cause: new Error(lines.join('\n')) },
  );
}

async function stopPostmaster(
  child: ChildProcess,
  exited: Promise<void>,
  mode: 'fast' | 'immediate' | 'kill',
  options: ServerProcessOptions,
): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return exited;
  if (process.platform === 'win32' && mode !== 'kill') {
    const control = path.join(options.binFolder, executable('pg_ctl'));
    await promisify(execFile)(control, [
      'stop',
      '-D',
      options.dataFolder,
      '-m',
      mode,
      '-w',
      '-t',
      '20',
    ]).catch(() => undefined);
  }
  const signals: NodeJS.Signals[] = {
    fast: ['SIGINT', 'SIGQUIT', 'SIGKILL'],
    immediate: ['SIGQUIT', 'SIGKILL'],
    kill: ['SIGKILL'],
  }[mode] as NodeJS.Signals[];
  for (const signal of signals) {
    child.kill(signal);
    if (await withinMilliseconds(exited, 15_000)) return;
  }
}

async function withinMilliseconds(done: Promise<void>, milliseconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  try {
    return await Promise.race([done.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * A shell that waits for this process to end (its standard input closes) and then stops the server, also one
 * that has only begun to start: a killed editor leaves no server behind. Where there is no sh, the next start sweeps.
 */
function startGuard(child: ChildProcess, options: ServerProcessOptions): ChildProcess | null {
  if (process.platform === 'win32' || child.pid === undefined) return null;
  const script = [
    'trap "" INT HUP TERM',
    'read -r _',
    'pidof() { head -n 1 "$1/postmaster.pid" 2>/dev/null; }',
    // One that has ended is there until its new parent looks, which in a container may be never.
    'lives() { kill -0 "$1" 2>/dev/null && ! grep -q "^State:.Z" "/proc/$1/status" 2>/dev/null; }',
    'n=0; while lives "$1" && [ "$(pidof "$2")" != "$1" ] && [ $n -lt 100 ]; do sleep 0.1; n=$((n+1)); done',
    'if [ "$(pidof "$2")" = "$1" ]; then kill -"$4" "$1"; fi',
    'n=0; while lives "$1" && [ $n -lt 100 ]; do sleep 0.1; n=$((n+1)); done',
    'if [ -n "$3" ]; then rm -rf "$3"; fi',
  ].join('\n');
  const signal = options.removeFolder === null ? 'INT' : 'QUIT';
  const guard = spawn(
    '/bin/sh',
    [
      '-c',
      script,
      'switchback-guard',
      String(child.pid),
      options.dataFolder,
      options.removeFolder ?? '',
      signal,
    ],
    {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    },
  );
  guard.on('error', () => undefined);
  guard.stdin?.on('error', () => undefined);
  (guard.stdin as unknown as { unref?: () => void } | null)?.unref?.();
  guard.unref();
  return guard;
}

function stopGuard(guard: ChildProcess | null): void {
  if (guard?.pid !== undefined && processLives(guard.pid)) guard.kill('SIGKILL');
}
