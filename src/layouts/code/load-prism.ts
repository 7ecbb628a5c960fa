import { randomFillSync } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { ParseResult } from '@ruby/prism/src/deserialize';

/** Gives the tree of a program in Ruby. Places are in bytes of UTF-8. */
export type ParseRuby = (source: string) => ParseResult;

/** What WASI answers for a function it does not have: https://github.com/WebAssembly/WASI, `errno::nosys`. */
const missing = 52;

/** A parser keeps nothing of what it parsed: one is enough, and making one takes longer than parsing. */
const lazy: { prism?: Promise<ParseRuby> } = {};

/**
 * Prism, Ruby's own parser. It reads no files and no clock, so that it runs without Node's WASI, which warns that it
 * is experimental.
 */
export function loadPrism(): Promise<ParseRuby> {
  return (lazy.prism ??= startPrism());
}

async function startPrism(): Promise<ParseRuby> {
  const { parsePrism } = await import('@ruby/prism/src/parsePrism.js');
  const { WebAssembly: engine } = globalThis as unknown as { WebAssembly: WebAssemblyEngine };
  const module = await engine.compile(await readFile(wasmFile()));
  const imports: Record<string, Record<string, (place: number, length: number) => number>> = {};
  let memory: { buffer: ArrayBuffer } | null = null;
  const random = (place: number, length: number): number => {
    randomFillSync(new Uint8Array(memory!.buffer, place, length));
    return 0;
  };
  for (const { module: from, name } of engine.Module.imports(module)) {
    (imports[from] ??= {})[name] = name === 'random_get' ? random : () => missing;
  }
  const start = (): Record<string, unknown> => {
    const { exports } = new engine.Instance(module, imports);
    memory = exports['memory'] as typeof memory;
    (exports['_initialize'] as () => void)();
    return exports;
  };
  let running: Record<string, unknown> | null = start();
  return (source) => {
    const exports = (running ??= start());
    // One that fails in the depth of a program leaves its own stack that deep: the next program gets another.
    running = null;
    const tree = parsePrism(exports, source);
    running = exports;
    return tree;
  };
}

/** What Node has of https://webassembly.github.io/spec/js-api/ and its types have not. */
interface WebAssemblyEngine {
  compile(bytes: Uint8Array): Promise<object>;
  Instance: new (module: object, imports: object) => { exports: Record<string, unknown> };
  Module: { imports(module: object): { module: string; name: string }[] };
}

/** Beside the bundle in `dist`, else in the package. */
function wasmFile(): string {
  const bundled = path.join(__dirname, 'prism.wasm');
  return existsSync(bundled) ? bundled : createRequire(__filename).resolve('@ruby/prism/src/prism.wasm');
}
