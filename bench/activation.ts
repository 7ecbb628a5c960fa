/**
 * How long the extension takes to load and activate, in plain Node with a stub of `vscode`, each time in a
 * fresh process; and the size of its bundle. The bars: a median of 50 ms, and 350 KB.
 * Usage: npm run build && npm run bench [-- --runs N] [--check]
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

const barMilliseconds = 50;
const barBytes = 350 * 1024;
const repository = path.resolve(__dirname, '..');
const bundle = path.join(repository, 'dist', 'extension.js');

/** Any member exists, can be called and constructed, and is disposable; enough for an activation that only registers. */
const stubbedRun = `
  const Module = require('node:module');
  const stub = () => {
    const target = function () {};
    return new Proxy(target, {
      get: (self, name) => {
        if (name === 'then' || typeof name === 'symbol') return undefined;
        if (name === 'prototype') return target.prototype;
        return (self[name] ??= stub());
      },
      set: (self, name, value) => Reflect.defineProperty(self, name, { value, writable: true, configurable: true }),
      apply: () => stub(),
      construct: () => stub(),
    });
  };
  const vscode = stub();
  vscode.workspace.workspaceFolders = [];
  vscode.workspace.textDocuments = [];
  vscode.window.visibleTextEditors = [];
  vscode.l10n.bundle = undefined;
  const load = Module._load;
  // A bundle copies the module's own names and inherits the rest: the stub makes its names on demand.
  const inherited = new Proxy(vscode, { getPrototypeOf: () => vscode });
  Module._load = (request, ...rest) => (request === 'vscode' ? inherited : load(request, ...rest));
  const context = stub();
  context.subscriptions = [];
  context.extensionPath = require('node:path').dirname(process.argv[1]);
  context.globalStorageUri = { fsPath: require('node:os').tmpdir() };
  const errors = [];
  process.on('unhandledRejection', (error) => errors.push(error));
  const started = process.hrtime.bigint();
  const extension = require(process.argv[1]);
  const result = extension.activate(context);
  const milliseconds = Number(process.hrtime.bigint() - started) / 1e6;
  Promise.resolve(result).then(() => {
    if (context.subscriptions.length === 0) throw new Error('activate registered nothing');
    console.log(JSON.stringify({ milliseconds, registered: context.subscriptions.length }));
    process.exit(0);
  });
`;

interface Measurement {
  milliseconds: number;
  registered: number;
}

function measure(): Measurement {
  const text = execFileSync(process.execPath, ['-e', stubbedRun, bundle], { encoding: 'utf8' });
  return JSON.parse(text.trim().split('\n').at(-1)!) as Measurement;
}

function median(values: number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function kilobytes(bytes: number): string {
  return `${Math.round(bytes / 1024)} KB`;
}

function main(): void {
  const { values } = parseArgs({
    options: { runs: { type: 'string', default: '21' }, check: { type: 'boolean' } },
  });
  measure();
  const runs = Array.from({ length: Number(values.runs) }, () => measure());
  const times = runs.map((run) => run.milliseconds);
  const middle = median(times);
  const size = statSync(bundle).size;
  const folder = path.dirname(bundle);
  const all = readdirSync(folder).filter((name) => /\.(js|css)$/.test(name));
  const total = all.reduce((sum, name) => sum + statSync(path.join(folder, name)).size, 0);
  console.log(
    `Load and activate: median ${middle.toFixed(1)} ms of ${times.length} runs ` +
      `(${Math.min(...times).toFixed(1)} to ${Math.max(...times).toFixed(1)}); bar ${barMilliseconds} ms, ratio ${(middle / barMilliseconds).toFixed(2)}`,
  );
  console.log(
    `dist/extension.js: ${kilobytes(size)}; bar ${kilobytes(barBytes)}, ratio ${(size / barBytes).toFixed(2)}`,
  );
  console.log(`All scripts and styles of dist/: ${kilobytes(total)}`);
  if (values.check && (middle > barMilliseconds || size > barBytes)) process.exitCode = 1;
}

main();
