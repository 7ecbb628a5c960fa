/**
 * Memory over 10,000 parses, after a warm-up of 1,000: resident memory and heap of a child process that lints
 * generated and damaged scripts, with what they hold inside blocks. The bar: flat, within 10 %.
 * Usage: node --import tsx bench/parse-memory.ts [--parses N]
 * Exit code 1 when it grows by more.
 */
import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { loadParser } from '../src/sql/parser';
import { fuzzedScripts } from '../test/safety/fuzz-scripts';

const barRatio = 1.1;
const warmUp = 1_000;

interface Memory {
  resident: number;
  heap: number;
}

async function parseInChild(parses: number): Promise<void> {
  const parser = await loadParser();
  // The same texts all along, so that what is kept is kept by the parser and not by the texts.
  const texts = fc.sample(fuzzedScripts(), { numRuns: 500, seed: 4 }).filter((text) => text.length < 100_000);
  const parse = (count: number): void => {
    for (let done = 0; done < count; done++) {
      const { statements } = parser.parse(texts[done % texts.length]!);
      for (const statement of statements) void statement.body?.parts.length;
    }
  };
  parse(warmUp);
  const before = memory();
  parse(parses);
  console.log(JSON.stringify({ before, after: memory() }));
}

function memory(): Memory {
  for (let round = 0; round < 3; round++) globalThis.gc!();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { resident: rss, heap: heapUsed + external };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { parses: { type: 'string', default: '10000' }, child: { type: 'boolean', default: false } },
  });
  if (values.child) return parseInChild(Number(values.parses));
  const output = execFileSync(
    process.execPath,
    ['--expose-gc', '--import', 'tsx', __filename, '--child', '--parses', values.parses],
    { encoding: 'utf8' },
  );
  const { before, after } = JSON.parse(output) as { before: Memory; after: Memory };
  for (const [name, from, to] of [
    ['resident', before.resident, after.resident],
    ['heap', before.heap, after.heap],
  ] as const) {
    const ratio = to / from;
    console.log(
      `${name}: ${megabytes(from)} after ${warmUp} parses, ${megabytes(to)} after ${values.parses} more: ${ratio.toFixed(3)} x (bar: ${barRatio})`,
    );
    if (ratio > barRatio) process.exitCode = 1;
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

void main();
