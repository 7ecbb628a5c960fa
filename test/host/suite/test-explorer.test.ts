import assert from 'node:assert/strict';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { readStatus, type FolderStatus } from '../../../src/journey/migrations';
import type { Assets } from '../../../src/journey/workspace';
import { journeyContext } from '../../../src/workbench/journey-context';
import { Log } from '../../../src/workbench/log';
import { RehearsalMemory } from '../../../src/workbench/rehearsal-memory';
import { RehearsalItems, type RehearsalItem } from '../../../src/workbench/rehearsal-tests/rehearsal-items';
import { runRehearsals } from '../../../src/workbench/rehearsal-tests/run-rehearsals';
import type { WorkspaceModel } from '../../../src/workbench/workspace-model';
import { inWorkspace, until } from '../inside/in-editor';

const files: Record<string, string> = {
  '1_users.up.sql': 'create table users (id bigint primary key, email text);\n',
  '1_users.down.sql': 'drop table users;\n',
  '2_typo.up.sql': 'create index users_email on users (email);\nalter table users add note text;\n',
  '2_typo.down.sql': '-- back\nalter table users drop note;\ndrop index if exists user_email;\n',
  '3_fails.up.sql': 'create table orders (id bigint);\n',
  '3_fails.down.sql': 'select 1;\n\ndrop table order_lines;\n',
  '4_final.up.sql': 'alter table orders drop column id;\n',
  '4_final.down.sql': '-- switchback:irreversible the numbers are gone\n',
  '5_none.up.sql': '\ncreate table more (id int);\n',
};

type Said = [state: string, id: string, message?: vscode.TestMessage];

/** The Test Explorer: what it lists, and what a run says of each migration. */
describe('Switchback rehearsals in the Test Explorer', () => {
  const place = (name: string): vscode.Uri => inWorkspace(`rehearsed/migrations/${name}`);
  const configuration = inWorkspace('.switchback/config.json').fsPath;
  const changed = new vscode.EventEmitter<void>();
  const controller = vscode.tests.createTestController('test.rehearsals', 'Rehearsals');
  const log = new Log();
  const kept = new Map<string, unknown>();
  const rehearsals = new RehearsalMemory({
    keys: () => [...kept.keys()],
    get: <T>(name: string, otherwise?: T) => (kept.get(name) as T | undefined) ?? otherwise,
    update: async (name: string, value: unknown) => void kept.set(name, value),
  });
  const assets: Assets = {
    templates: '',
    dist: path.join(
      vscode.extensions.all.find(({ packageJSON }) => isOurs(packageJSON))!.extensionPath,
      'dist',
    ),
    cache: inWorkspace('.cache').fsPath,
  };
  let configured: string;
  let folders: FolderStatus[];
  let items: RehearsalItems;

  const model = {
    get folders() {
      const workspaceFolder = vscode.workspace.workspaceFolders![0]!;
      return [{ workspaceFolder, folders, plans: [], planOfFile: new Map(), problem: null }];
    },
    onDidChange: changed.event,
    migrationOf: (file: string) => {
      const [folder] = folders;
      const status = folder!.statuses.find(
        ({ migration }) => migration?.upPath === file || migration?.downPath === file,
      );
      return status && { folder: folder!, status };
    },
  } satisfies Pick<WorkspaceModel, 'folders' | 'onDidChange' | 'migrationOf'>;

  const read = async (): Promise<void> => {
    const context = await journeyContext(vscode.workspace.workspaceFolders![0]!, assets);
    const all = await readStatus(context, null);
    folders = all.filter(({ folder }) => folder.includes('rehearsed'));
    changed.fire();
  };
  const labels = (collection: vscode.TestItemCollection): string[] => {
    const found: string[] = [];
    collection.forEach(({ label }) => found.push(label));
    return found;
  };
  const run = async (
    chosen: readonly RehearsalItem[],
    signal = new AbortController().signal,
  ): Promise<Said[]> => {
    const said: Said[] = [];
    const say =
      (state: string) =>
      ({ label }: vscode.TestItem, message?: unknown): void =>
        void said.push(message instanceof vscode.TestMessage ? [state, label, message] : [state, label]);
    const recorder = {
      enqueued: () => undefined,
      appendOutput: () => undefined,
      started: say('started'),
      passed: say('passed'),
      failed: say('failed'),
      errored: say('errored'),
      skipped: say('skipped'),
    };
    await runRehearsals({ assets, log, rehearsals }, recorder, chosen, signal);
    return said;
  };

  before(async () => {
    await mkdir(inWorkspace('rehearsed/migrations').fsPath, { recursive: true });
    for (const [name, text] of Object.entries(files)) await writeFile(place(name).fsPath, text);
    configured = await readFile(configuration, 'utf8');
    const both = { migrations: ['migrations', 'rehearsed/migrations'], plansFolder: 'plans' };
    await writeFile(configuration, JSON.stringify(both));
    folders = [];
    items = new RehearsalItems(controller, model, () => undefined);
    await read();
  });

  after(async () => {
    items.dispose();
    controller.dispose();
    rehearsals.dispose();
    log.dispose();
    changed.dispose();
    await writeFile(configuration, configured);
    await rm(inWorkspace('rehearsed').fsPath, { recursive: true, force: true });
    await rm(assets.cache, { recursive: true, force: true });
  });

  it('lists folders, their migrations when somebody looks, and changes them in place', async () => {
    assert.deepEqual(labels(controller.items), ['rehearsed/migrations']);
    const folder = controller.items.get(`folder:${inWorkspace('rehearsed/migrations').fsPath}`)!;
    assert.equal(folder.canResolveChildren, true);
    assert.equal(folder.children.size, 0);
    await controller.resolveHandler!(folder);
    assert.deepEqual(labels(folder.children).sort(), ['1_users', '2_typo', '3_fails', '4_final', '5_none']);
    const there: vscode.TestItem[] = [];
    folder.children.forEach((item) => there.push(item));
    assert.deepEqual(there[0]!.range, new vscode.Range(0, 0, 0, 0));
    assert.equal(there[0]!.uri!.fsPath, place('1_users.up.sql').fsPath);

    await writeFile(place('6_new.up.sql').fsPath, 'select 1;\n');
    await read();
    assert.equal(folder.children.size, 6);
    for (const item of there) assert.equal(folder.children.get(item.id), item);
    await rm(place('6_new.up.sql').fsPath);
    await read();
    assert.equal(folder.children.size, 5);
    assert.deepEqual(
      items.below([folder], [there[1]!]).map(({ item }) => item.label),
      ['1_users', '3_fails', '4_final', '5_none'],
    );
  });

  it('runs them in a shadow database and says of each what it is and where', async function () {
    this.timeout(180_000);
    const said = await run(items.below(undefined, []));
    const statesOf = (name: string): string[] =>
      said.filter(([, label]) => label === name).map(([state]) => state);
    assert.deepEqual(['1_users', '2_typo', '3_fails', '4_final', '5_none'].map(statesOf), [
      ['started', 'passed'],
      ['started', 'failed'],
      ['started', 'failed'],
      ['started', 'skipped'],
      ['started', 'failed'],
    ]);
    const places = said.map(([state, label]) => `${state} ${label}`);
    assert.ok(
      places.indexOf('passed 1_users') < places.indexOf('started 4_final'),
      'it is said while others run',
    );
    const [typo, fails, none] = said.flatMap(([, , message]) => message ?? []);
    const where = ({ location }: vscode.TestMessage): string =>
      `${path.basename(location!.uri.fsPath)}:${location!.range.start.line}`;
    assert.deepEqual(
      [typo, fails, none].map((each) => where(each!)),
      ['2_typo.down.sql:2', '3_fails.down.sql:2', '5_none.up.sql:1'],
    );
    assert.equal(
      typo!.expectedOutput,
      'Before the up:\ntable public.users\n  index users_email: not there\n',
    );
    assert.match(
      typo!.actualOutput!,
      /^After the down:\ntable public\.users\n {2}index users_email:\n {4}CREATE INDEX users_email ON/,
    );
    assert.match(
      typo!.message as string,
      /^The down leaves index users_email of table public\.users behind\.\n/,
    );
    assert.match(fails!.message as string, /^The down fails: .*order_lines/);
  });

  it('keeps the verdict for the texts it was given for, in the editor as well', async () => {
    const { migration } = items.ofFile(place('1_users.down.sql').fsPath)[0]!;
    const last = await rehearsals.of(migration);
    assert.equal(last?.verdict, 'exact');
    const document = await vscode.workspace.openTextDocument(place('1_users.up.sql'));
    const editor = await vscode.window.showTextDocument(document);
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '-- changed\n'));
    assert.equal(await rehearsals.of(migration), null);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    assert.equal(
      (
        await until(
          () => rehearsals.of(migration),
          (found) => found !== null,
        )
      )?.verdict,
      'exact',
    );
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('says nothing more of those that were cancelled', async () => {
    const said = await run(items.below(undefined, []), AbortSignal.abort());
    assert.deepEqual(said, []);
  });
});

function isOurs(manifest: unknown): boolean {
  return (manifest as { name: string }).name === 'switchback';
}
