import path from 'node:path';
import { generateDown, type GeneratedDown } from '../../src/rehearse/generate-down';
import { ShadowRun, type Snapshot } from '../../src/rehearse/shadow-run';
import { openShadow } from '../../src/shadow/open-shadow';

const root = path.resolve(__dirname, '../..');

/** Makes the ways back of migrations that each start from one schema, in one shadow database. */
export class DownMaker {
  readonly #run: ShadowRun;
  readonly #dispose: () => Promise<void>;
  #before: Snapshot;

  private constructor(run: ShadowRun, before: Snapshot, dispose: () => Promise<void>) {
    this.#run = run;
    this.#before = before;
    this.#dispose = dispose;
  }

  static async start(schema: string): Promise<DownMaker> {
    const shadow = await openShadow('local', {
      assets: { distFolder: path.join(root, 'dist') },
      binaries: { packageFolders: [root], searchPath: '' },
      major: 18,
    });
    try {
      const signal = new AbortController().signal;
      const run = new ShadowRun(shadow, [], { watchdogMilliseconds: 60_000, signal });
      await run.start([{ sql: schema, transaction: 'none', label: 'the schema before' }]);
      return new DownMaker(run, await run.snapshot(), () => shadow.dispose());
    } catch (error) {
      await shadow.dispose();
      throw error;
    }
  }

  /** null where the up fails. */
  async make(
    up: string,
    transaction: 'wrapped' | 'implicit' | 'none' = 'wrapped',
  ): Promise<GeneratedDown | null> {
    const script = { sql: up, transaction, label: up };
    const trip = { version: '1', name: 'case', path: '1.sql', up: script, irreversible: null };
    const made = await generateDown(this.#run, trip, this.#before);
    await this.#goBack(made?.down ?? null);
    return made?.down ?? null;
  }

  /** By the way back that was just proven, and anew where that is another state. */
  async #goBack(down: GeneratedDown | null): Promise<void> {
    if (down?.rehearsal.verdict === 'exact') {
      const sql = down.statements.map((statement) => `${statement};\n`).join('');
      const outcome = await this.#run.run({ sql, transaction: 'none' });
      const now = await this.#run.snapshot();
      const same = this.#run.compare(this.#before, now).length === 0;
      // Numbers of the catalog that are others would tell renames where there are none.
      this.#before = { ...this.#before, followed: now.followed };
      if (
        outcome.kind === 'ok' &&
        same &&
        !down.rehearsal.dataLost.length &&
        noRows(now) === noRows(this.#before)
      )
        return;
    }
    await this.#run.restore();
    this.#before = await this.#run.snapshot();
  }

  async close(): Promise<void> {
    await this.#run.close();
    await this.#dispose();
  }
}

function noRows({ data }: Snapshot): string {
  return JSON.stringify([...data].sort());
}
