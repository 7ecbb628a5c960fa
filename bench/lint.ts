/**
 * The figures of switchback lint, each with what was promised, in one run with the peer where there is one: what is
 * found of ../shared/lock-truth at each depth, the time of the files of ../shared/corpora, of a keystroke, and the
 * memory of many parses. Exit code 1 when a bar is missed.
 * Usage: npm run build && npx tsx bench/lint.ts [--only truth|corpora|keystroke|memory|fuzz] [--runs N]
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { stopTestServers } from '../test/support/servers';
import { printedFigures, type Figures } from './figures';
import { corporaFigures, keystrokeFigures } from './lint-speed';
import { truthFigures } from './lint-truth';
import { installSquawk } from './squawk';

/** A bench of its own that prints its figures and ends with 1 when it misses a bar. */
function benchFigures(figures: Figures, what: string, bar: string, script: string): void {
  const run = spawnSync(process.execPath, ['--import', 'tsx', path.join(__dirname, script)], {
    encoding: 'utf8',
    env: process.env,
  });
  const lines = `${run.stdout}${run.status === 0 ? '' : run.stderr}`.trim().split('\n');
  figures.add({ what, measured: `bench/${script}`, bar, held: run.status === 0, details: lines });
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { only: { type: 'string' }, runs: { type: 'string', default: '5' } },
  });
  const wants = (part: string): boolean => values.only === undefined || values.only === part;
  const figures = printedFigures((line) => console.log(line));
  const squawk = wants('truth') || wants('corpora') ? await installSquawk() : null;
  try {
    if (wants('corpora')) await corporaFigures(figures, squawk, Number(values.runs));
    if (wants('keystroke')) await keystrokeFigures(figures);
    if (wants('truth')) await truthFigures(figures, squawk);
  } finally {
    await stopTestServers();
    await squawk?.remove();
  }
  if (wants('memory'))
    benchFigures(figures, 'memory over 10,000 parses, after 1,000', 'within 10 %', 'parse-memory.ts');
  if (wants('fuzz'))
    benchFigures(figures, '10,000 generated or mutated files', 'no crash, none over 200 ms', 'fuzz.ts');
  const missed = figures.missed();
  console.log(
    missed.length === 0 ? 'Every bar held.' : `Missed: ${missed.map(({ what }) => what).join('; ')}`,
  );
  if (missed.length > 0) process.exitCode = 1;
}

void main();
