import * as vscode from 'vscode';
import { contentHash } from '../layouts/content-hash';
import type { Migration } from '../layouts/layout';
import { migrationAddress } from '../layouts/migration-address';
import type { Files } from '../ports/files';
import { nodeFiles } from '../ports/node-files';
import type { Rehearsal, Verdict } from '../rehearse/rehearsal';
import { editorFiles } from './editor-files';

/** The last rehearsal of a migration. */
export interface LastRehearsal {
  verdict: Verdict;
  engine: Rehearsal['shadow']['engine'];
  /** The server's version. */
  version: string;
  /** Milliseconds since 1970. */
  at: number;
  /** Of the files that were rehearsed. */
  hash: string;
}

/** A migration with what stood for its files as its rehearsal began. */
export interface BegunRehearsal {
  migration: Rehearsed;
  hash: string;
}

type Rehearsed = Pick<Migration, 'upPath' | 'downPath' | 'version'>;

const key = 'switchback.rehearsals';

/** The last verdict of each migration, kept over sessions; it holds for the texts it was given for. */
export class RehearsalMemory implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;

  constructor(private readonly state: vscode.Memento) {}

  /** Keeps the verdicts of a rehearsal for those whose files are still as they were when it began. */
  async keep(begun: readonly BegunRehearsal[], { migrations, shadow }: Rehearsal): Promise<void> {
    const all = { ...this.all() };
    for (const { migration, hash } of begun) {
      const found = migrations.find(({ version }) => version === migration.version);
      if (!found || hash !== (await rehearsedHash(migration))) continue;
      const { engine, version } = shadow;
      all[migrationAddress(migration)] = { verdict: found.verdict, engine, version, at: Date.now(), hash };
    }
    await this.state.update(key, all);
    this.changed.fire();
  }

  /** The last verdict for these files as they are, edited ones as they are in the editor; null after an edit. */
  async of(migration: Rehearsed): Promise<LastRehearsal | null> {
    const last = this.all()[migrationAddress(migration)];
    return last && last.hash === (await rehearsedHash(migration, editorFiles(nodeFiles()))) ? last : null;
  }

  private all(): Record<string, LastRehearsal> {
    return this.state.get<Record<string, LastRehearsal>>(key, {});
  }

  dispose(): void {
    this.changed.dispose();
  }
}

/** To be called before a rehearsal, for `RehearsalMemory.keep` after it. */
export function begunRehearsals(migrations: readonly Rehearsed[]): Promise<BegunRehearsal[]> {
  return Promise.all(
    migrations.map(async (migration) => ({ migration, hash: await rehearsedHash(migration) })),
  );
}

/** What stands for the files of a migration, whatever their line ends. */
async function rehearsedHash(
  { upPath, downPath }: Rehearsed,
  files: Pick<Files, 'readIfExists'> = nodeFiles(),
): Promise<string> {
  const texts = await Promise.all(
    [upPath, downPath].map(async (file) => (file === null ? null : files.readIfExists(file))),
  );
  return contentHash(JSON.stringify(texts.map((text) => text?.replaceAll('\r\n', '\n') ?? null)));
}
