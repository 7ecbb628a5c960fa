import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { readStatus } from '../src/journey/migrations';
import { newStatusMemory } from '../src/journey/status-memory';
import { nodeFiles } from '../src/ports/node-files';
import { testContext } from '../test/support/journey-context';
import { percentile, printedFigures, type Figures } from './figures';

/** The time of listing a long history. Exit code 1 when a bar is missed. Usage: npx tsx bench/status.ts */
const count = 5_000;
const runs = 9;

/** How long the list of a long history takes: from nothing, and when only the history table has to be asked. */
async function statusFigures(figures: Figures): Promise<void> {
  const root = await mkdtemp(path.join(os.tmpdir(), 'switchback-status-'));
  try {
    await mkdir(path.join(root, 'db'));
    for (let number = 1; number <= count; number += 1) {
      const stem = path.join(root, 'db', `${String(number).padStart(6, '0')}_step`);
      await writeFile(`${stem}.up.sql`, `create table t${number} (id bigint primary key);\n`);
      await writeFile(`${stem}.down.sql`, `drop table t${number};\n`);
    }
    const cold: number[] = [];
    const warm: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      const memory = newStatusMemory();
      const context = { ...testContext(root), files: nodeFiles() };
      const timed = async (knownTextsOnly: boolean): Promise<number> => {
        const started = performance.now();
        await readStatus(context, null, { memory, knownTextsOnly });
        return performance.now() - started;
      };
      cold.push(await timed(true));
      await timed(false);
      warm.push(await timed(false));
    }
    add(figures, `${count} migrations, listed from nothing`, percentile(cold, 0.5), 300);
    add(figures, 'the same, listed again', percentile(warm, 0.5), 50);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

function add(figures: Figures, what: string, milliseconds: number, bar: number): void {
  figures.add({
    what,
    measured: `${milliseconds.toFixed(0)} ms`,
    bar: `at most ${bar} ms`,
    held: milliseconds <= bar,
  });
}

async function main(): Promise<void> {
  const figures = printedFigures((line) => console.log(line));
  await statusFigures(figures);
  if (figures.missed().length > 0) process.exitCode = 1;
}

void main();
