import path from 'node:path';
import { detectLayouts } from '../src/layouts/detect-layouts';
import { migrationTitle } from '../src/layouts/migration-title';
import { preparationOf, searchPathOf } from '../src/layouts/preparation';
import { nodeFiles } from '../src/ports/node-files';
import { generateDown, type GeneratedDown } from '../src/rehearse/generate-down';
import { ShadowRun, type ReplayedScript, type Snapshot } from '../src/rehearse/shadow-run';
import type { Shadow } from '../src/shadow/shadow';

/** The way back that is generated for one migration; null where the migration itself fails. */
export interface CorpusDown {
  corpus: string;
  version: string;
  down: GeneratedDown | null;
}

/** Generates the way back of each migration of a corpus, one after the other; its own downs are never looked at. */
export async function generateCorpusDowns(
  shadow: Shadow,
  corpora: string,
  corpus: string,
): Promise<CorpusDown[]> {
  const files = nodeFiles();
  const signal = new AbortController().signal;
  const [found] = await detectLayouts({ root: corpora, folders: [corpus], exclude: [], files, signal });
  const { layout, folder } = found!;
  const migrations = await layout.list(folder, files);
  const run = new ShadowRun(shadow, preparationOf(layout, migrations[0]!), {
    watchdogMilliseconds: 60_000,
    signal,
  });
  try {
    await run.start([]);
    const downs: CorpusDown[] = [];
    let before = await run.snapshot();
    for (const migration of migrations) {
      const script = (await layout.script(migration, 'up', files))!;
      const { version, name, upPath } = migration;
      const { sql, transaction } = script;
      const up = { sql, transaction, ...searchPathOf(layout, migration), label: migrationTitle(migration) };
      const trip = { version, name, path: path.relative(corpora, upPath), irreversible: null, up };
      const made = await generateDown(run, trip, before);
      downs.push({ corpus, version, down: made?.down ?? null });
      if (made?.clean) {
        run.keep(up);
        before = made.after;
      } else before = await goOn(run, made ? up : { ...up, transaction: 'none' });
    }
    return downs;
  } finally {
    await run.close();
  }
}

/** A file that its tool cannot run in one go may still work statement by statement. */
async function goOn(run: ShadowRun, up: ReplayedScript): Promise<Snapshot> {
  await run.restore([up]);
  return run.snapshot();
}

/** Comes back as it was, but for the order of columns at most. */
export function restores({ down }: CorpusDown): boolean {
  return down !== null && ['exact', 'order-only'].includes(down.rehearsal.verdict);
}
