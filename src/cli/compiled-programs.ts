import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import path from 'node:path';
import vm from 'node:vm';

/** What Node runs when it loads a CommonJS file: https://nodejs.org/docs/latest-v20.x/api/modules.html#the-module-wrapper */
type Wrapper = (
  exports: unknown,
  require: NodeJS.Require,
  module: NodeJS.Module,
  filename: string,
  dirname: string,
) => unknown;

type Compile = (this: NodeJS.Module, content: string, filename: string) => unknown;

/**
 * Lets the programs of `dist` be compiled once and not at each start: what V8 made of them, the functions that ran
 * included, is kept in `folder`, readable by this user alone, under a digest of the text it was made of. A kept file that
 * V8 or the disk refuses costs time, never an answer. From Node 22.8 on Node does this itself.
 */
export function keepCompiledPrograms(dist: string, folder: string): void {
  const byNode = (Module as { enableCompileCache?: (folder: string) => unknown }).enableCompileCache;
  if (byNode !== undefined) {
    byNode(folder);
    return;
  }
  const prototype = Module.prototype as unknown as { _compile: Compile };
  const compile = prototype._compile;
  const made: { file: string; script: vm.Script }[] = [];
  prototype._compile = function (content, filename) {
    if (path.dirname(filename) !== dist) return compile.call(this, content, filename);
    const file = path.join(folder, keptName(filename, content));
    const cachedData = readKept(file);
    const script = new vm.Script(Module.wrap(content), { filename, cachedData });
    if (cachedData === undefined || script.cachedDataRejected === true) made.push({ file, script });
    const run = script.runInThisContext() as Wrapper;
    return run.call(this.exports, this.exports, createRequire(filename), this, filename, dist);
  };
  // The functions that a run needed are compiled only by then.
  process.once('exit', () => keep(folder, made));
}

function keptName(filename: string, content: string): string {
  const digest = createHash('sha256').update(process.version).update(process.arch).update(content);
  return `${path.basename(filename)}.${digest.digest('hex').slice(0, 32)}`;
}

function readKept(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** Another process may write the same: each file appears whole, by its renaming. */
function keep(folder: string, made: readonly { file: string; script: vm.Script }[]): void {
  if (made.length === 0) return;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
    for (const { file, script } of made) {
      const unfinished = `${file}.${process.pid}`;
      writeFileSync(unfinished, script.createCachedData(), { mode: 0o600, flag: 'wx' });
      renameSync(unfinished, file);
      removeOlder(folder, path.basename(file));
    }
  } catch {
    // A full or read-only disk: the next start compiles again, as this one did.
  }
}

function removeOlder(folder: string, kept: string): void {
  const program = kept.slice(0, kept.lastIndexOf('.') + 1);
  for (const name of readdirSync(folder))
    if (name.startsWith(program) && name !== kept) rmSync(path.join(folder, name), { force: true });
}
