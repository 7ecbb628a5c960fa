import * as vscode from 'vscode';
import type { JourneyContext } from '../../journey/workspace';
import { migrationAddress } from '../../layouts/migration-address';
import { migrationTitle } from '../../layouts/migration-title';
import { t } from '../../messages/translate';
import type { Progress } from '../../ports/progress';
import type { MigrationRehearsal, Rehearsal } from '../../rehearse/rehearsal';
import { journeyContext, workspaceFolder } from '../journey-context';
import { isCancelled, sentenceOf } from '../register-command';
import { engineName } from '../migration-words';
import { begunRehearsals } from '../rehearsal-memory';
import type { Services } from '../services';
import { placeItems, rangeOf } from './place-items';
import type { RehearsalItem } from './rehearsal-items';
import { outputLines, testOutcome } from './test-outcome';

type Run = Pick<
  vscode.TestRun,
  'enqueued' | 'started' | 'passed' | 'failed' | 'errored' | 'skipped' | 'appendOutput'
>;

/** Rehearses migrations, each folder in a shadow database of its own, and says of each as soon as it is over. */
export async function runRehearsals(
  services: Pick<Services, 'assets' | 'log' | 'rehearsals'>,
  run: Run,
  items: readonly RehearsalItem[],
  signal: AbortSignal,
): Promise<void> {
  for (const { item } of items) run.enqueued(item);
  if (!vscode.workspace.isTrusted) {
    const why = t(
      'This workspace is not trusted, so none of its migrations are run. Trust it with "Workspaces: Manage Workspace Trust", and rehearse them then.',
    );
    for (const { item } of items) run.errored(item, new vscode.TestMessage(why));
    return;
  }
  for (const folder of new Set(items.map((each) => each.folder.folder))) {
    if (signal.aborted) return;
    const own = items.filter((each) => each.folder.folder === folder);
    await new FolderRun(services, run, own, signal).rehearse();
  }
}

/** The run of one folder. */
class FolderRun {
  private readonly left: Map<string, RehearsalItem>;
  /** What is said of each goes on while the next one is rehearsed. */
  private readonly telling: Promise<void>[] = [];

  constructor(
    private readonly services: Pick<Services, 'assets' | 'log' | 'rehearsals'>,
    private readonly run: Run,
    private readonly items: readonly RehearsalItem[],
    private readonly signal: AbortSignal,
  ) {
    this.left = new Map(items.map((each) => [each.migration.version, each]));
  }

  async rehearse(): Promise<void> {
    const { folder } = this.items[0]!;
    try {
      await placeItems(this.services.assets, this.items);
      const begun = await begunRehearsals(this.items.map(({ migration }) => migration));
      const progress: Progress = { report: ({ message }) => this.write(message) };
      const owner = workspaceFolder(vscode.Uri.file(folder.folder));
      const context = await journeyContext(owner, this.services.assets, progress, this.signal);
      const { rehearseMigrations } = await import('../../journey/rehearse');
      const rehearsal = await rehearseMigrations(context, {
        files: this.items.map(({ migration }) => migrationAddress(migration)),
        // Of one it takes no time that anybody notices.
        measure: this.items.length === 1,
        onRehearsing: ({ version }) => {
          const begun = this.left.get(version);
          if (begun) this.run.started(begun.item);
        },
        onRehearsed: (each) => this.telling.push(this.tell(context, each)),
      });
      await Promise.all(this.telling);
      this.end(rehearsal);
      await this.services.rehearsals.keep(begun, rehearsal);
    } catch (error) {
      await Promise.allSettled(this.telling);
      if (this.signal.aborted || isCancelled(error)) return;
      this.services.log.error('rehearsing', error);
      for (const { item } of this.left.values())
        this.run.errored(item, new vscode.TestMessage(sentenceOf(error)));
    }
  }

  private async tell(context: JourneyContext, rehearsal: MigrationRehearsal): Promise<void> {
    const rehearsed = this.left.get(rehearsal.version);
    if (!rehearsed) return;
    this.left.delete(rehearsal.version);
    const { item, folder } = rehearsed;
    const { state, message, compared } = testOutcome(rehearsal);
    for (const line of await outputLines(rehearsal)) this.write(line, item);
    switch (state) {
      case 'passed':
        return this.run.passed(item, rehearsal.milliseconds);
      case 'skipped':
        return this.run.skipped(item);
      case 'failed':
      case 'errored': {
        const { rehearsalPlace } = await import('../../journey/rehearsal-place');
        const place = await rehearsalPlace(context, folder, rehearsal);
        const said = compared
          ? vscode.TestMessage.diff(message, compared.before, compared.after)
          : new vscode.TestMessage(message);
        if (place) {
          said.location = new vscode.Location(vscode.Uri.file(place.file), rangeOf(place));
        }
        this.run[state](item, said, rehearsal.milliseconds);
      }
    }
  }

  /** What was not reached has its reason. */
  private end({ shadow, migrations }: Rehearsal): void {
    this.write(
      t(
        'Rehearsed in a shadow database: {0}, {1} {2}',
        shadow.kind,
        engineName(shadow.engine),
        shadow.version,
      ),
    );
    const failed = migrations.findLast(({ verdict }) => verdict === 'up-fails');
    for (const { item } of this.left.values()) {
      const why = failed
        ? t('Not rehearsed: it needs what {0} makes, which fails.', migrationTitle(failed))
        : t('Not rehearsed: it is not among the migrations that run on an empty database.');
      this.run.errored(item, new vscode.TestMessage(why));
    }
  }

  private write(line: string, item?: vscode.TestItem): void {
    this.run.appendOutput(`${line.replaceAll(/\r?\n/g, '\r\n')}\r\n`, undefined, item);
  }
}
