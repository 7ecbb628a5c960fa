import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Locator } from 'playwright-core';
import type { RollbackJson } from '../../../src/cli/formats/rollback-json';
import {
  isProven,
  type MigrationRehearsal,
  type Rehearsal,
  type Verdict,
} from '../../../src/rehearse/rehearsal';
import { verdictSentence } from '../../../src/rehearse/verdict-sentence';
import { verdictWord } from '../../../src/workbench/wizard/report-view';
import { connectToShop } from '../kit/connect';
import { startDrive, type Drive } from '../kit/driver';
import { repository } from '../kit/folders';
import { useQuickInput } from '../kit/quick-input';

/** Rollbacks of all sorts: exact, misspelled behind IF EXISTS, without an index, failing, in another order, none, empty. */
const ledger: Record<string, string> = {
  '000001_create_accounts.up.sql':
    'CREATE TABLE accounts (\n  id bigint PRIMARY KEY,\n  region text,\n  email text NOT NULL,\n  phone text,\n  note text\n);\nCREATE INDEX accounts_phone_index ON accounts (phone);\n',
  '000001_create_accounts.down.sql': 'DROP TABLE accounts;\n',
  '000002_index_email.up.sql':
    'CREATE UNIQUE INDEX accounts_email_index ON accounts (lower(email));\nALTER TABLE accounts ADD COLUMN verified_at timestamptz;\n',
  '000002_index_email.down.sql':
    'ALTER TABLE accounts DROP COLUMN verified_at;\nDROP INDEX IF EXISTS account_email_index;\n',
  '000003_drop_phone.up.sql': 'ALTER TABLE accounts DROP COLUMN phone;\n',
  '000003_drop_phone.down.sql': 'ALTER TABLE accounts ADD COLUMN phone text;\n',
  '000004_create_invoices.up.sql':
    'CREATE TABLE invoices (\n  id bigint PRIMARY KEY,\n  account_id bigint NOT NULL REFERENCES accounts (id),\n  total numeric(12, 2) NOT NULL\n);\n',
  '000004_create_invoices.down.sql': '-- Lines first.\nDROP TABLE invoice_lines;\nDROP TABLE invoices;\n',
  '000005_drop_region.up.sql': 'ALTER TABLE accounts DROP COLUMN region;\n',
  '000005_drop_region.down.sql': 'ALTER TABLE accounts ADD COLUMN region text;\n',
  '000006_invoice_currency.up.sql':
    "ALTER TABLE invoices ADD COLUMN currency text NOT NULL DEFAULT 'EUR';\nCREATE INDEX invoices_account_index ON invoices (account_id);\n",
  '000007_drop_total.up.sql': 'ALTER TABLE invoices DROP COLUMN total;\n',
  '000007_drop_total.down.sql': '-- The totals are in the ledger.\n',
};

/** What a person sees of rehearsals: tests, failures as differences, lenses, generated rollbacks, drift and squash. */
describe('rehearsals in VS Code', function () {
  this.timeout(120_000);
  // Each step stands on the one before it: after a failure the rest would only wait.
  this.bail(true);
  let drive: Drive;
  let folder: string;
  /** All of the folder as it is before the first edit. */
  let beforeAnyEdit: Promise<MigrationRehearsal[]>;
  /** Of the extension host. */
  let hostId: number;

  before(async () => {
    drive = await startDrive({
      configuration: { migrations: ['migrations', 'ledger/migrations'], shadow: 'embedded' },
    });
    drive.workbench.page.setDefaultTimeout(40_000);
    folder = path.join(drive.workspace, 'ledger', 'migrations');
    await mkdir(folder, { recursive: true });
    for (const [name, text] of Object.entries(ledger)) await writeFile(path.join(folder, name), text);
    // As somebody in a hurry made it, past the migrations.
    await drive.database.query('CREATE INDEX orders_by_hand ON orders (placed_at, id)');
    await drive.workbench.setTheme('light');
    hostId = await drive.host.read(() => process.pid);
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed')
      await drive?.workbench.page.screenshot({
        path: path.join(repository, '.switchback-test', 'failed.png'),
      });
  });

  after(async () => {
    await drive?.stop();
  });

  /** The command line's answer at this moment. It exits 1 where a rollback is not proven: the answer counts. */
  async function told<Answer>(...words: string[]): Promise<Answer> {
    const program = path.join(repository, 'dist', 'cli.js');
    const ended = await promisify(execFile)(process.execPath, [program, ...words, '--format', 'json'], {
      cwd: drive.workspace,
    }).catch((error: { stdout: string; stderr: string }) => error);
    assert.ok(ended.stdout.startsWith('{'), ended.stderr);
    return JSON.parse(ended.stdout) as Answer;
  }

  const rehearse = async (...names: string[]): Promise<MigrationRehearsal[]> => {
    const paths = names.map((name) => path.join('ledger', 'migrations', name));
    return (await told<Rehearsal>('rehearse', ...(paths.length > 0 ? paths : ['ledger/migrations'])))
      .migrations;
  };

  const written = (name: string): Promise<string> => readFile(path.join(folder, name), 'utf8');

  const tests = (): Locator => drive.workbench.page.locator('.test-explorer .monaco-list-row');

  async function press(row: Locator, button: RegExp): Promise<void> {
    await row.hover();
    await row.getByRole('button', { name: button }).first().click();
  }

  const icon = (row: Locator, state: 'passed' | 'failed'): Locator =>
    row.locator(`.codicon-testing-${state}-icon`);

  /** The lens that says what the last rehearsal came to. */
  const lastVerdict = (verdict: Verdict): Locator =>
    drive.workbench.lens(new RegExp(`^Rehearsed .+: ${verdictWord(verdict)}$`));

  /** The lines of an editor, as they are shown from top to bottom; blanks there are those that do not break. */
  async function shown(editor: Locator): Promise<string> {
    const lines = editor.locator('.view-line');
    await lines.first().waitFor();
    const placed = await Promise.all(
      (await lines.all()).map(async (line) => ({
        top: (await line.boundingBox())?.y ?? 0,
        text: (await line.textContent()) ?? '',
      })),
    );
    return placed
      .sort((one, other) => one.top - other.top)
      .map(({ text }) => text.replaceAll('\u00a0', ' '))
      .join('\n');
  }

  /** The processes of shadow databases that the extension host has now. */
  async function shadows(hostId: number): Promise<number[]> {
    const { stdout } = await promisify(execFile)('ps', ['-eo', 'pid=,args=']);
    return stdout
      .split('\n')
      .filter((line) => line.includes(`pglite-host.js ${hostId} `))
      .map((line) => parseInt(line, 10));
  }

  async function untilShadows(hostId: number, good: (found: number[]) => boolean): Promise<number[]> {
    for (let attempt = 0; ; attempt++) {
      const found = await shadows(hostId);
      if (good(found)) return found;
      assert.ok(attempt < 200, `the processes ${found.join()} are still there`);
      await drive.workbench.page.waitForTimeout(100);
    }
  }

  it('rehearses one migration, and shows what its rollback leaves behind where that comes from', async () => {
    const { workbench } = drive;
    const { page } = workbench;
    beforeAnyEdit = rehearse();
    await workbench.openFile('000002_index_email.down.sql');
    await workbench.runCommand('Testing: Focus on Test Explorer View');
    await tests().filter({ hasText: 'ledger/migrations' }).locator('.monaco-tl-twistie').click();
    const row = tests().filter({ hasText: '000002_index_email' });
    await row.waitFor();
    await press(row, /^Run Test/);
    await icon(row, 'failed').waitFor({ timeout: 60_000 });
    const rehearsal = (await beforeAnyEdit).find(({ name }) => name === 'index_email');
    const [difference] = rehearsal!.differences;
    await drive.workbench.seeTopLens(lastVerdict(rehearsal!.verdict));

    const output = page.locator('.terminal-outer-container, .xterm').filter({ visible: true }).first();
    await output.waitFor();
    await page.keyboard.press('Control+j');
    const badge = page.locator('.test-error-content-widget');
    await badge.filter({ hasText: /After the down.*!=.*Before the up.*not there/s }).click();
    const peek = page.locator('.peekview-widget');
    await peek
      .locator('.filename')
      .filter({ hasText: verdictSentence(rehearsal!) })
      .waitFor();
    const [before, after] = [
      await shown(peek.locator('.editor.original')),
      await shown(peek.locator('.editor.modified')),
    ];
    assert.match(
      before,
      new RegExp(`^Before the up:\n${difference!.object}\n +${difference!.property}: not there`),
    );
    assert.match(after, new RegExp(`^After the down:\n${difference!.object}\n +${difference!.property}:\n`));
    assert.ok(after.replaceAll(/\s+/g, ' ').includes(difference!.after!), after);
    const top = async (each: Locator): Promise<number> => (await each.boundingBox())!.y;
    const typo = page.locator('.view-line').filter({ hasText: 'DROP INDEX' }).first();
    assert.ok(
      Math.abs((await top(badge)) - (await top(typo))) < 12,
      'the badge is beside the misspelled name',
    );
    await page.mouse.move(700, 700);
    await workbench.screenshot('rehearsal-failed');
    await page.keyboard.press('Escape');
  });

  it('rehearses all of a folder: what passes, what fails and why, and the sign beside the code', async () => {
    const { workbench } = drive;
    const { page } = workbench;
    const truth = await beforeAnyEdit;
    await press(tests().filter({ hasText: 'ledger/migrations' }), /^Run Test/);
    for (const rehearsal of truth) {
      const stem = path.basename(rehearsal.path, '.up.sql');
      const row = tests().filter({ hasText: stem });
      await icon(row, isProven(rehearsal.verdict) ? 'passed' : 'failed').waitFor({ timeout: 60_000 });
    }
    const named = (verdict: string): MigrationRehearsal => {
      const found = truth.find((each) => each.verdict === verdict);
      assert.ok(found, verdict);
      return found;
    };
    for (const verdict of ['exact', 'differs', 'down-fails', 'order-only', 'no-down', 'empty-down'])
      named(verdict);
    await workbench.openFile('000004_create_invoices.down.sql');
    const fails = named('down-fails');
    await page.locator('.test-error-content-widget').filter({ hasText: fails.error! }).waitFor();
    await workbench.openFile('000004_create_invoices.up.sql');
    await page.locator('.editor-instance .codicon-testing-failed-icon').first().waitFor();
    await drive.workbench.seeTopLens(lastVerdict('down-fails'));
    await workbench.runCommand('Test Results: Focus on Test Results View');
    const results = page.locator('.test-output-peek-tree .monaco-list-row');
    for (const rehearsal of truth.filter(({ verdict }) => !isProven(verdict))) {
      const first = verdictSentence(rehearsal).replace(/\.$/, '');
      await results
        .filter({ hasText: path.basename(rehearsal.path, '.up.sql') })
        .filter({ hasText: first })
        .first()
        .waitFor();
    }
    await workbench.screenshot('rehearsals');
    await page.keyboard.press('Control+j');
  });

  it('forgets the verdict with an edit, and rehearses again with each save where that is turned on', async () => {
    const { workbench } = drive;
    const { page } = workbench;
    await workbench.openFile('000002_index_email.down.sql');
    await drive.workbench.seeTopLens(lastVerdict('differs'));
    const row = tests().filter({ hasText: '000002_index_email' });
    await press(row, /^Turn on Continuous Run/);
    const word = page.locator('.view-line').filter({ hasText: 'account_email_index' });
    // Beside its name stands what was found; the click goes to the line's begin.
    await word.click({ position: { x: 5, y: 9 } });
    await page.keyboard.press('Control+h');
    await page.keyboard.type('account_email');
    await page.keyboard.press('Tab');
    await page.keyboard.type('accounts_email');
    await page.keyboard.press('Control+Alt+Enter');
    await page.keyboard.press('Escape');
    await workbench.lens(/^Rehearsed /).waitFor({ state: 'hidden' });
    // One waits since the last rehearsal; the next takes it, and leaves another.
    const [spare] = await untilShadows(hostId, (found) => found.length === 1);
    await page.keyboard.press('Control+s');
    await icon(row, 'passed').waitFor({ timeout: 60_000 });
    await untilShadows(hostId, (found) => found.length === 1 && found[0] !== spare);
    const [rehearsal] = await rehearse('000002_index_email.up.sql');
    assert.equal(rehearsal!.verdict, 'exact');
    await drive.workbench.seeTopLens(lastVerdict('exact'));
    await workbench.screenshot('rehearsal-on-save');
    await press(row, /^Turn off Continuous Run/);
  });

  it('writes a rollback that is missing, shown with its verdict before it is written', async () => {
    const { workbench } = drive;
    const { page } = workbench;
    const truth = told<RollbackJson>('generate-rollback', 'ledger/migrations/000006_invoice_currency.up.sql');
    await workbench.openFile('000006_invoice_currency.up.sql');
    await workbench.seeTopLens(workbench.lens('Generate the Rollback…'));
    await workbench.lens('Generate the Rollback…').click();
    await useQuickInput(page).pick('Statements Alone');
    const { rehearsal, newText, shadow } = await truth;
    await page
      .getByRole('tab', { name: `000006_invoice_currency.down.sql: ${verdictWord(rehearsal.verdict)}` })
      .waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: 'Apply the Generated Rollback' }).click();
    await drive.workbench.seeTopLens(lastVerdict(rehearsal.verdict));
    await workbench.dismissNotifications();
    assert.equal(await written('000006_invoice_currency.down.sql'), newText);
    assert.equal(shadow.engine, 'pglite');
    assert.equal(await page.getByRole('tab', { name: / on PGlite / }).count(), 0);
    await workbench.lens('Generate the Rollback…').waitFor({ state: 'hidden' });
  });

  it('writes one that is empty, with a table that keeps what the migration drops', async () => {
    const { workbench } = drive;
    const { page } = workbench;
    const file = 'ledger/migrations/000007_drop_total.up.sql';
    const truth = told<RollbackJson>('generate-rollback', file, '--backup');
    await workbench.openFile('000007_drop_total.down.sql');
    await workbench.seeTopLens(workbench.lens('Generate the Rollback…'));
    await workbench.lens('Generate the Rollback…').click();
    await useQuickInput(page).pick('Keep What It Drops');
    const { rehearsal, newText, up, shadow } = await truth;
    const verdict = `${verdictWord(rehearsal.verdict)} on PGlite ${shadow.version}`;
    await page
      .getByRole('tab', { name: `000007_drop_total.down.sql: ${verdict}` })
      .waitFor({ timeout: 60_000 });
    assert.equal(
      await shown(
        page
          .locator('.diff-editor-container .editor.modified, .monaco-diff-editor .editor.modified')
          .filter({ visible: true })
          .first(),
      ).then((text) => text.trimEnd()),
      newText.trimEnd(),
    );
    await workbench.runCommand('View: Close Primary Side Bar');
    await workbench.runCommand('Notifications: Show Notifications');
    await workbench.screenshot('generate-rollback');
    await workbench.dismissNotifications();
    await page.getByRole('button', { name: 'Apply the Generated Rollback' }).click();
    await drive.workbench.seeTopLens(lastVerdict(rehearsal.verdict));
    assert.deepEqual(
      [await written('000007_drop_total.up.sql'), await written('000007_drop_total.down.sql')],
      [up!.newText, newText],
    );
    assert.match(newText, /^-- The totals are in the ledger\.\n/);
  });

  it('compares the history with the connected database: what was made by hand', async () => {
    const { workbench } = drive;
    await connectToShop(workbench);
    await workbench.runCommand('Switchback: Compare History with Database…');
    const input = useQuickInput(workbench.page);
    await input.see('Whose history is compared with the database?');
    await input.pick('migrations');
    const row = workbench.webview().getByRole('row').filter({ hasText: 'index orders_by_hand' });
    await row.waitFor({ timeout: 60_000 });
    const [index] = await drive.database.query<{ definition: string }>(
      "SELECT pg_get_indexdef('orders_by_hand'::regclass) AS definition",
    );
    assert.deepEqual(await row.getByRole('cell').allInnerTexts(), [
      'table public.orders',
      'index orders_by_hand',
      'not there',
      index!.definition,
    ]);
    assert.equal(await workbench.webview().getByRole('row').count(), 2);
    await workbench.screenshot('drift');
  });

  it('makes one migration of nine, after it is proven to make the same', async () => {
    const { workbench } = drive;
    const { page } = workbench;
    await workbench.runCommand('View: Close All Editors');
    await workbench.runCommand('Switchback: Squash Migrations…');
    const input = useQuickInput(page);
    await input.pick('009_customer_label');
    await input.see('Replace 9 migrations by one?');
    await workbench
      .webview()
      .getByText('It makes the same, to the last property.')
      .waitFor({ timeout: 60_000 });
    await workbench.webview().getByText('move to .switchback/squashed/9').waitFor();
    await workbench.screenshot('squash');
    await workbench.pick('Replace Them');
    await workbench.treeItem(/^Migration 008_touch_updated_at/).waitFor({ state: 'hidden', timeout: 60_000 });
    const one = await readFile(path.join(drive.workspace, 'migrations', '009_customer_label.up.sql'), 'utf8');
    assert.match(one, /CREATE TABLE public\.customers/);
  });

  it('leaves no error of the extension in the console', () => {
    assert.deepEqual(drive.errors.lines, []);
  });

  it('leaves no process behind when the window is closed', async () => {
    assert.notDeepEqual(await shadows(hostId), []);
    await drive.stop();
    for (let attempt = 0; (await shadows(hostId)).length > 0; attempt++) {
      assert.ok(attempt < 100, 'a process of a shadow database lives on');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  });
});
