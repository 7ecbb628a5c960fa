import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { startDrive, type Drive } from '../kit/driver';

/** Of this, only the levels may count. */
const configuration = {
  migrations: ['queries'],
  rules: { 'missing-lock-timeout': 'off' },
  diskFreeCommand: 'touch switchback-ran-this',
};

async function filesBelow(folder: string): Promise<string[]> {
  return (await readdir(folder, { recursive: true })).sort();
}

/** An untrusted workspace: highlighting and forecasts, and nothing that connects or executes. */
describe('a workspace that is not trusted', function () {
  this.timeout(120_000);
  let drive: Drive;

  before(async () => {
    drive = await startDrive({ restricted: true, configuration });
    drive.workbench.page.setDefaultTimeout(40_000);
  });

  after(async () => {
    await drive?.stop();
  });

  const sessions = async (): Promise<string> => {
    const [row] = await drive.database.query<{ count: string }>(
      `SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`,
    );
    return row!.count;
  };

  it('says in words why nothing connects', async () => {
    const { workbench, host } = drive;
    assert.equal(await host.read((vscode) => vscode.workspace.isTrusted), false);
    await workbench.openSideBar('Switchback');
    await workbench.page.getByText('Trust this workspace to connect to a database.').waitFor();
    await workbench.page.getByText('Plans run SQL. Trust this workspace to plan and run changes.').waitFor();
    assert.equal(await sessions(), '0');
  });

  it('lists the migrations without their states', async () => {
    const { workbench } = drive;
    await workbench.treeItem('Migration 001_create_customers').waitFor();
    assert.equal(await workbench.page.getByRole('treeitem', { name: /pending|applied/ }).count(), 0);
  });

  it('forecasts, and offers nothing that runs', async () => {
    const { workbench } = drive;
    await workbench.openFile('011_index_orders_placed_at.up.sql');
    await workbench.lens('SHARE on orders · index build').waitFor();
    assert.deepEqual(await workbench.page.locator('.codelens-decoration a').allInnerTexts(), [
      'golang-migrate migration, no database',
      'SHARE on orders · index build',
    ]);
  });

  it('marks what is unsafe by the levels of the workspace, and offers edits but no plan', async () => {
    const { host } = drive;
    const offered = async (): Promise<string[]> =>
      host.read(async (vscode) => {
        const { document } = vscode.window.activeTextEditor!;
        const actions = await vscode.commands.executeCommand<import('vscode').CodeAction[]>(
          'vscode.executeCodeActionProvider',
          document.uri,
          new vscode.Range(0, 0, 0, 5),
        );
        return actions.map((action) => action.title);
      });
    const marks = await host.read((vscode) =>
      vscode.languages
        .getDiagnostics(vscode.window.activeTextEditor!.document.uri)
        .map((mark) => String(typeof mark.code === 'object' ? mark.code.value : mark.code)),
    );
    assert.deepEqual(marks, ['index-not-concurrent']);
    const titles = await offered();
    assert.ok(titles.includes('Build orders_placed_at_index CONCURRENTLY'), titles.join(' | '));
    assert.ok(!titles.includes('Plan This Safely…'), titles.join(' | '));
    assert.equal(await sessions(), '0');
  });

  it('has no command in the palette that connects or runs', async () => {
    const { workbench } = drive;
    const { page } = workbench;
    await page.locator('.part.statusbar').click({ position: { x: 400, y: 10 } });
    await page.keyboard.press('F1');
    await page.locator('.quick-input-widget input[type=text]').fill('>Switchback:');
    await page.locator('.quick-input-widget .monaco-list-row').first().waitFor();
    const items = await page.locator('.quick-input-widget .monaco-list-row').all();
    const rows = await Promise.all(items.map(async (item) => (await item.getAttribute('aria-label')) ?? ''));
    const offered = rows.filter((label) => /^Switchback: (?!Focus on)/.test(label));
    assert.ok(offered.length > 0, rows.join('\n'));
    assert.deepEqual(
      offered.filter((label) =>
        /Measure|Connect|Apply|Dry Run|Roll Back|Rehearse|Plan|Backfill|Verify|Scaffold|New|Column|Template/.test(
          label,
        ),
      ),
      [],
    );
    await page.keyboard.press('Escape');
  });

  it('writes nothing new, not even when another extension asks for it', async () => {
    const { workbench, host, workspace } = drive;
    const before = await filesBelow(workspace);
    await host.read(async (vscode) => {
      for (const command of ['PlanDocument', 'Runbook', 'Migration', 'ScriptSet', 'Checklist'])
        void vscode.commands.executeCommand(`switchback.new${command}`);
      await new Promise((resolve) => setTimeout(resolve, 1500));
    });
    assert.equal(await workbench.page.locator('.quick-input-widget:visible').count(), 0);
    const refused = (await workbench.notifications()).filter((text) => /is not trusted/.test(text));
    assert.ok(refused.length > 0);
    assert.deepEqual(await filesBelow(workspace), before);
  });

  it('refuses in words what another extension asks of it', async () => {
    const refusals = await drive.host.read(async (vscode) => {
      const file = vscode.Uri.joinPath(
        vscode.workspace.workspaceFolders![0]!.uri,
        'migrations/010_add_customer_phone.up.sql',
      );
      for (const command of [
        'switchback.apply',
        'switchback.dryRun',
        'switchback.rehearseRollback',
        'switchback.measureInShadow',
        'switchback.measureServer',
        'switchback.planThisSafely',
      ])
        void vscode.commands.executeCommand(command, file);
      await new Promise((resolve) => setTimeout(resolve, 1500));
      return vscode.workspace.isTrusted;
    });
    assert.equal(refusals, false);
    const shown = (await drive.workbench.notifications()).join('\n');
    assert.match(shown, /trust/i);
    assert.equal(await sessions(), '0');
    const [row] = await drive.database.query<{ version: string }>('SELECT version FROM schema_migrations');
    assert.equal(String(row?.version), '9');
  });
});
