import os from 'node:os';
import path from 'node:path';
import { keepCompiledPrograms } from './compiled-programs';
import { runCommandLine } from './run-command-line';
import { expectShortLife } from './short-lived';
import { wantsColours } from './text/paint';

/** The `switchback` program: everything else takes its world as arguments. */
expectShortLife();
keepCompiledPrograms(__dirname, path.join(cacheFolder(), 'programs'));
const abort = new AbortController();
process.once('SIGINT', () => abort.abort());
process.once('SIGTERM', () => abort.abort());

runCommandLine({
  arguments: process.argv.slice(2),
  environment: process.env,
  workingFolder: process.cwd(),
  assets: { dist: __dirname, templates: path.join(__dirname, '..', 'templates'), cache: cacheFolder() },
  out: (text) => process.stdout.write(text),
  tell: (line) => process.stderr.write(`${line}\n`),
  signal: abort.signal,
  terminal: {
    columns: Math.min(Math.max(process.stdout.columns ?? 100, 60), 120),
    colours: wantsColours(process.stdout.isTTY, process.env),
  },
}).then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exitCode = 1;
  },
);

/** https://specifications.freedesktop.org/basedir-spec/latest/ */
function cacheFolder(): string {
  return path.join(process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache'), 'switchback');
}
