import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { errorText } from '../src/messages/error';

const version = '2.66.0';

/** The peer, installed from npm into a temporary folder. */
export interface Squawk {
  version: string;
  /** Its own npm launcher, run with this Node. */
  launcher: string;
  remove(): Promise<void>;
}

/** Rules of squawk that speak of a lock held for work that grows with the table; the others are about taste or time-outs. */
const lockRules = new Set([
  'adding-field-with-default',
  'adding-foreign-key-constraint',
  'adding-not-nullable-field',
  'adding-required-field',
  'adding-serial-primary-key-field',
  'ban-alter-domain-with-add-constraint',
  'changing-column-type',
  'constraint-missing-not-valid',
  'disallowed-unique-constraint',
  'require-concurrent-index-creation',
  'require-concurrent-index-deletion',
  'require-concurrent-partition-detach',
  'require-concurrent-reindex',
]);

/** Installs it; null, with the reason on standard output, where npm cannot. */
export async function installSquawk(): Promise<Squawk | null> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'switchback-squawk-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const words = ['install', '--prefix', folder, '--no-audit', '--no-fund', `squawk-cli@${version}`];
    await promisify(execFile)('npm', words, { timeout: 180_000, shell: process.platform === 'win32' });
    const launcher = path.join(folder, 'node_modules', 'squawk-cli', 'js', 'bin', 'squawk');
    await readFile(launcher);
    return { version, launcher, remove };
  } catch (error) {
    await remove();
    console.log(
      `squawk ${version} could not be installed from npm, so nothing is compared with it: ${errorText(error)}`,
    );
    return null;
  }
}

/** Wall time of one run over files, in milliseconds. Throws when it could not be started or crashed. */
export function timeSquawk(squawk: Squawk, files: readonly string[]): number {
  const started = performance.now();
  const run = spawnSync(process.execPath, [squawk.launcher, '--reporter', 'json', ...files], {
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  if (run.status !== 0 && run.status !== 1) throw new Error(`squawk ended with ${run.status ?? run.signal}`);
  return performance.now() - started;
}

/** The files for which one of its rules about locks speaks. */
export function alarmsOfSquawk(squawk: Squawk, files: readonly string[], serverMajor: number): Set<string> {
  const words = [squawk.launcher, '--pg-version', String(serverMajor), '--reporter', 'json', ...files];
  const { stdout, status, signal } = spawnSync(process.execPath, words, {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0 && status !== 1) throw new Error(`squawk ended with ${status ?? signal}`);
  const found = JSON.parse(stdout) as { file: string; rule_name: string }[];
  return new Set(found.filter((each) => lockRules.has(each.rule_name)).map((each) => each.file));
}
