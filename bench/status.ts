import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { readStatus } from '../src/journey/migrations';
import { newStatusMemory } from '../src/journey/status-memory';
import { nodeFiles } from '../src/ports/node-files';
import { testContext } from '../test/support/journey-context';
import { percentile, printedFigures, type Figures } from './figures';
import { longHistories, type LongHistory } from './long-histories';

/**
 * The time of listing a long history of each of several tools. Exit code 1 when a bar is missed.
 * Usage: npx tsx bench/status.ts [TOOL...]
 */
const count = 5_000;
const runs = 9;

/** How long the list of a long history takes: from nothing, and when only the history table has to be asked. */
async function statusFigures(history: LongHistory, figures: Figures): Promise<void> {
  const root = await mkdtemp(path.join(os.tmpdir(), 'switchback-status-'));
  try {
    const folder = path.join(root, 'db');
    await mkdir(folder);
    await history.write(folder, count);
    const cold: number[] = [];
    const warm: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      const memory = newStatusMemory();
      const context = { ...testContext(root), files: nodeFiles() };
      const timed = async (knownTextsOnly: boolean): Promise<number> => {
        const started = performance.now();
        const folders = await readStatus(context, null, { memory, knownTextsOnly });
        const milliseconds = performance.now() - started;
        assertListed(history, folders);
        return milliseconds;
      };
      cold.push(await timed(true));
      await timed(false);
      warm.push(await timed(false));
    }
    add(figures, `${count} migrations of ${history.layout}, listed from nothing`, percentile(cold, 0.5), 300);
    add(figures, 'the same, listed again', percentile(warm, 0.5), 50);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** A history that was not seen would be listed in no time. */
function assertListed(
  { layout }: LongHistory,
  folders: readonly { layout: string; statuses: readonly unknown[] }[],
): void {
  const listed = folders.map((folder) => `${folder.layout} ${folder.statuses.length}`).join(', ');
  if (listed !== `${layout} ${count}`) throw new Error(`${layout}: ${listed || 'nothing'} is listed`);
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
  const asked = process.argv.slice(2);
  const figures = printedFigures((line) => console.log(line));
  for (const history of longHistories)
    if (asked.length === 0 || asked.includes(history.layout)) await statusFigures(history, figures);
  if (figures.missed().length > 0) process.exitCode = 1;
}

void main();
