import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { connectToShop } from '../kit/connect';
import { startDrive, type Drive } from '../kit/driver';
import { endDrive } from '../kit/end-drive';
import { useWizard } from '../kit/wizard';

/** What a person sees of a forecast while typing: marks, lines, hovers, fixes with a preview, and what was measured. */
describe('forecasts while typing in VS Code', function () {
  this.timeout(120_000);
  // Each step stands on the one before it: after a failure the rest would only wait.
  this.bail(true);
  let drive: Drive;

  before(async () => {
    drive = await startDrive();
    drive.workbench.page.setDefaultTimeout(40_000);
    await drive.workbench.setTheme('light');
  });

  endDrive(() => drive);

  const migrations = (): Promise<string[]> => readdir(path.join(drive.workspace, 'migrations'));

  const findings = (name: string): Promise<string[]> =>
    drive.host.read(
      (vscode, file) =>
        vscode.languages
          .getDiagnostics()
          .filter(([uri]) => uri.path.endsWith(file))
          .flatMap(([, marks]) => marks)
          .filter((mark) => mark.source === 'Switchback')
          .map((mark) => String(typeof mark.code === 'object' ? mark.code.value : mark.code)),
      name,
    );

  const untilFindings = async (name: string, good: (rules: string[]) => boolean): Promise<string[]> => {
    for (let attempt = 0; attempt < 200; attempt++) {
      const found = await findings(name);
      if (good(found)) return found;
      await drive.workbench.page.waitForTimeout(100);
    }
    throw new Error(`The findings of ${name} are still ${(await findings(name)).join(', ')}.`);
  };

  /** The text of the editor in front. */
  const editorText = (): Promise<string> =>
    drive.host.read((vscode) => vscode.window.activeTextEditor?.document.getText() ?? '');

  /** The line (from 1) that some text stands in; the host may learn later than the window what was typed. */
  async function lineOf(part: string): Promise<number> {
    for (let attempt = 0; attempt < 200; attempt++) {
      const index = (await editorText()).split('\n').findIndex((each) => each.includes(part));
      if (index >= 0) return index + 1;
      await drive.workbench.page.waitForTimeout(100);
    }
    throw new Error(`The editor never had "${part}".`);
  }

  /** The menu of quick fixes where the cursor is. In the open menu the same keys take an entry: it is waited for. */
  async function quickFixes(): Promise<Locator> {
    const { page } = drive.workbench;
    const menu = page.locator('.action-widget').filter({ visible: true }).first();
    for (let attempt = 0; attempt < 3; attempt++) {
      await page.locator('.monaco-editor.focused').first().waitFor();
      await page.keyboard.press('Control+.');
      const shown = await menu.waitFor({ timeout: 8_000 }).then(
        () => true,
        () => false,
      );
      if (shown) return menu;
    }
    throw new Error('The menu of quick fixes did not open.');
  }

  /** Puts the cursor to a line (from 1) with Go to Line. */
  async function goTo(line: number, column = 1): Promise<void> {
    const { page } = drive.workbench;
    await drive.workbench.page.locator('.monaco-editor .view-lines').first().click();
    await page.keyboard.press('Control+g');
    await drive.workbench.answer(`:${line},${column}`);
  }

  async function hover(word: string): Promise<Locator> {
    const { page } = drive.workbench;
    await page
      .locator('.view-line span')
      .filter({ hasText: new RegExp(`^\\s*${word}`) })
      .last()
      .hover();
    const box = page.locator('.monaco-hover:visible').first();
    await box.waitFor();
    return box;
  }

  it('marks what is typed, and says above it what it will do', async () => {
    const { workbench } = drive;
    await workbench.openFile('012_create_coupons.up.sql');
    await workbench.page.locator('.monaco-editor .view-lines').first().click();
    await workbench.page.keyboard.press('Control+End');
    await workbench.page.keyboard.type('\nALTER TABLE customers RENAME COLUMN name TO full_name;\n');
    await workbench.page.keyboard.type('CREATE INDEX customers_name_index ON customers (full_name);\n');
    const rules = await untilFindings('012_create_coupons.up.sql', (found) =>
      ['rename-column', 'index-not-concurrent'].every((rule) => found.includes(rule)),
    );
    assert.ok(rules.includes('rename-column'));
    // In the line above the file too: it is the strongest lock of all.
    await workbench.seeTopLens(workbench.lens(/^ACCESS EXCLUSIVE on customers$/).nth(1));
    await workbench
      .lens(/^SHARE on customers · index build$/)
      .last()
      .waitFor();
    await workbench.page.keyboard.press('Escape');
    await workbench.screenshot('forecast-lenses');
  });

  it('explains in a hover, whose link opens the page of the rule', async () => {
    const { workbench, host } = drive;
    const box = await hover('INDEX');
    await box.getByText('Waits for SHARE').first().waitFor();
    await box.getByText('static (the SQL and the migrations before it)').first().waitFor();
    await workbench.screenshot('forecast-hover');
    await box.locator('a.code-link').filter({ hasText: 'index-not-concurrent' }).first().click();
    await workbench.page.getByRole('tab', { name: /index-not-concurrent/ }).waitFor();
    const frame = workbench.page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
    await frame.getByRole('heading', { name: 'Building an index while writes wait' }).waitFor();
    assert.ok(
      await host.read(
        (vscode) => vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputCustom,
      ),
    );
    await workbench.screenshot('forecast-rule-page');
    await workbench.runCommand('View: Close Editor');
  });

  it('opens the same page from the Problems panel', async () => {
    const { workbench } = drive;
    const { page } = workbench;
    await workbench.runCommand('Problems: Focus on Problems View');
    const link = page.locator('.markers-panel a').filter({ hasText: 'rename-column' }).first();
    await link.waitFor();
    await workbench.screenshot('forecast-problems');
    await link.click();
    const frame = page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
    await frame.getByRole('heading', { name: 'Renaming a column in place' }).waitFor();
    await workbench.runCommand('View: Close Editor');
    await page.keyboard.press('Control+j');
    await page.locator('.part.panel').waitFor({ state: 'hidden' });
  });

  it('shows the files a fix makes before it makes them, and the finding is gone', async () => {
    const { workbench } = drive;
    const { page } = workbench;
    const before = await migrations();
    await goTo(await lineOf('CREATE INDEX'), 3);
    const menu = await quickFixes();
    await menu.getByText('Ignore Here with a Reason… (index-not-concurrent)').waitFor();
    await menu.getByText('Explain index-not-concurrent').waitFor();
    await workbench.screenshot('forecast-quick-fix');
    await menu.getByText('Build customers_name_index CONCURRENTLY').first().click();
    await page.getByRole('button', { name: 'Apply', exact: true }).waitFor();
    // A row for each file and one for its text.
    const rows = page.locator('.part.panel .monaco-list-row');
    await rows.nth(5).waitFor();
    assert.equal(await rows.count(), 6);
    await workbench.screenshot('forecast-fix-preview');
    assert.deepEqual(await migrations(), before, 'nothing may be written before it was agreed to');
    // Everything is ticked: agreeing is one click, and half a fix has to be chosen.
    assert.equal(await rows.locator('.edit-checkbox[aria-checked=true]').count(), 6);
    const icons = await rows.locator('.theme-icon').all();
    const told = await Promise.all(icons.map((icon) => icon.getAttribute('title')));
    const part = 'a part of "Build customers_name_index CONCURRENTLY"';
    assert.deepEqual(told, [
      `Take out of 012_create_coupons.up.sql - ${part}`,
      `Create 013_index_customers_name_index.down.sql - ${part}`,
      `Create 013_index_customers_name_index.up.sql - ${part}`,
    ]);
    await page.getByRole('button', { name: 'Apply', exact: true }).click();
    await untilFindings('012_create_coupons.up.sql', (found) => !found.includes('index-not-concurrent'));
    const written = async (name: string): Promise<string> =>
      readFile(path.join(drive.workspace, 'migrations', name), 'utf8').catch(() => '');
    for (let attempt = 0; attempt < 100; attempt++) {
      if ((await written('013_index_customers_name_index.up.sql')) !== '') break;
      await page.waitForTimeout(100);
    }
    assert.match(
      await written('013_index_customers_name_index.up.sql'),
      /CREATE INDEX CONCURRENTLY customers_name_index/,
    );
    assert.match(await written('013_index_customers_name_index.down.sql'), /DROP INDEX CONCURRENTLY/);
    assert.doesNotMatch(await editorText(), /CREATE INDEX/);
    await workbench
      .lens(/^SHARE on customers · index build$/)
      .first()
      .waitFor({ state: 'hidden' });
    // One in the line of the file, one above the statement that is left.
    await workbench
      .lens(/^ACCESS EXCLUSIVE on customers$/)
      .nth(1)
      .waitFor();
    await workbench.screenshot('forecast-fixed');
  });

  it('takes a fix of several files back in one step, and does it again', async () => {
    const { workbench } = drive;
    const { page } = workbench;
    const fixed = await editorText();
    await goTo(1);
    await page.keyboard.press('Control+z');
    await untilFindings('012_create_coupons.up.sql', (found) => found.includes('index-not-concurrent'));
    for (let attempt = 0; (await migrations()).some((name) => name.startsWith('013')); attempt++) {
      assert.ok(attempt < 100, 'the new files are still there');
      await page.waitForTimeout(100);
    }
    await page.keyboard.press('Control+Shift+z');
    await untilFindings('012_create_coupons.up.sql', (found) => !found.includes('index-not-concurrent'));
    assert.equal(await editorText(), fixed);
    assert.equal((await migrations()).filter((name) => name.startsWith('013')).length, 2);
  });

  it('counts with the rows of the connected database once there is one', async () => {
    const { workbench, database } = drive;
    await connectToShop(workbench);
    await workbench.openFile('011_index_orders_placed_at.up.sql');
    const lens = workbench.lens(/^SHARE on orders · index build · about .* at [\d,]+ rows$/);
    await lens.first().waitFor();
    const [row] = await database.query<{ rows: number }>(
      "SELECT reltuples::float8 AS rows FROM pg_class WHERE oid = 'public.orders'::regclass",
    );
    const rows = Math.round(row!.rows).toLocaleString('en-US');
    assert.match(await lens.first().innerText(), new RegExp(`at ${rows} rows$`));
    const box = await hover('INDEX');
    await box.getByText('this database (the catalog of shop)').first().waitFor();
    await box.getByText(`at ${rows} rows`).first().waitFor();
    await workbench.screenshot('forecast-this-database');
  });

  it('measures the server after a yes, and counts with that', async () => {
    const { workbench } = drive;
    await workbench.runCommand('Switchback: Measure This Server');
    await workbench.page.getByText('A temporary table of 100,000 rows is made').first().waitFor();
    await workbench.screenshot('forecast-measure-server');
    await workbench.pick('Measure');
    await workbench.runCommand('Notifications: Show Notifications');
    await workbench.page
      .locator('.notification-list-item-message')
      .filter({ hasText: 'Forecasts now count with what was measured on ' })
      .waitFor();
    await workbench.dismissNotifications();
    const lens = workbench.lens(/^SHARE on orders · index build · about .* at [\d,]+ rows$/);
    await lens.first().waitFor();
    // The catalog is read again after that; a hover that is open already stays as it was.
    for (let attempt = 0; ; attempt++) {
      const text = await (await hover('INDEX')).innerText();
      if (/index build at .*, measured on this server on \d{4}-\d\d-\d\d/.test(text)) break;
      assert.ok(attempt < 20, text);
      await workbench.page.locator('.part.statusbar').hover({ position: { x: 400, y: 10 } });
      await workbench.page.waitForTimeout(500);
    }
  });

  it('does not offer to rewrite what is applied, and says why', async () => {
    const { workbench, host } = drive;
    await workbench.openFile('006_describe_customers.up.sql');
    await workbench.seeTopLens(workbench.lens('Applied on shop'));
    await untilFindings('006_describe_customers.up.sql', (found) => found.includes('index-not-concurrent'));
    const reason = 'This migration is applied on shop already. Correct it with a new migration.';
    const line = (await lineOf('CREATE INDEX')) - 1;
    const offered = await host.read(
      async (vscode, place) =>
        (
          await vscode.commands.executeCommand<import('vscode').CodeAction[]>(
            'vscode.executeCodeActionProvider',
            vscode.window.activeTextEditor!.document.uri,
            new vscode.Range(place, 3, place, 3),
          )
        ).map((action) => action.title),
      line,
    );
    assert.ok(offered.includes('Explain index-not-concurrent'), offered.join(' | '));
    // The editor leaves actions out that are disabled.
    assert.ok(!offered.includes('Build customers_name_index CONCURRENTLY'), offered.join(' | '));
    const box = await hover('INDEX');
    await box.getByText(reason).first().waitFor();
  });

  it('measures in a shadow database, and shows both side by side', async () => {
    const { workbench } = drive;
    await workbench.openFile('011_index_orders_placed_at.up.sql');
    await workbench.runCommand('Switchback: Measure in Shadow Database');
    const frame = workbench.page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
    await frame.getByRole('heading', { name: /^Measured: / }).waitFor({ timeout: 90_000 });
    const cells = await frame.getByRole('row').nth(1).getByRole('cell').allInnerTexts();
    assert.equal(cells[2], 'SHARE on orders · index build');
    assert.equal(cells[3], 'SHARE on orders · index build');
    assert.equal(cells[5], 'agrees');
    await workbench.screenshot('forecast-measured');
    await workbench.runCommand('View: Close Editor');
    await workbench.dismissNotifications();
  });

  it('opens the wizard with the change that a statement makes at once', async () => {
    const { workbench, database } = drive;
    await workbench.openFile('012_create_coupons.up.sql');
    await goTo(await lineOf('ALTER TABLE'), 3);
    const menu = await quickFixes();
    await menu.getByText('Plan This Safely…').first().click();
    const wizard = useWizard(workbench);
    await wizard.page.getByText('Rename public.customers.name to full_name').first().waitFor();
    await workbench.screenshot('forecast-plan-this-safely');
    const [row] = await database.query<{ count: string }>(
      "SELECT count(*) FROM pg_attribute WHERE attrelid = 'public.customers'::regclass AND attname = 'full_name'",
    );
    assert.equal(row!.count, '0');
  });

  it('opens it for a required column too, with its type filled in', async () => {
    const { workbench } = drive;
    const { page } = workbench;
    await workbench.openFile('010_add_customer_phone.up.sql');
    await page.locator('.monaco-editor .view-lines').first().click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type("\nALTER TABLE customers ADD COLUMN region text NOT NULL DEFAULT 'north';\n");
    await page.keyboard.press('Escape');
    await goTo(await lineOf("DEFAULT 'north';"), 3);
    const menu = await quickFixes();
    await menu.getByText('Plan This Safely…').first().click();
    const wizard = useWizard(workbench);
    await wizard.page.getByText('Add the required column region to public.customers').first().waitFor();
    await workbench.screenshot('forecast-plan-required');
  });

  it('leaves no error of the extension in the console', () => {
    assert.deepEqual(drive.errors.lines, []);
  });
});
