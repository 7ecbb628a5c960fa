import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { connectToShop } from '../kit/connect';
import { startDrive, type Drive } from '../kit/driver';
import { endDrive } from '../kit/end-drive';
import { useQuickInput, type QuickInput } from '../kit/quick-input';

/** The documents that can be had by themselves: with no plan, without and with a database. */
describe('new documents in VS Code', function () {
  this.timeout(120_000);
  let drive: Drive;

  before(async () => {
    drive = await startDrive();
    drive.workbench.page.setDefaultTimeout(40_000);
    await drive.workbench.setTheme('light');
    await drive.workbench.openSideBar('Switchback');
    await drive.workbench.treeItem('Migration 001_create_customers').waitFor();
  });

  endDrive(() => drive);
  afterEach(async () => {
    await drive?.workbench.runCommand('View: Close All Editors');
  });

  const ask = async (command: string, pictures?: string): Promise<QuickInput> => {
    await drive.workbench.runCommand(`Switchback: ${command}`);
    return useQuickInput(drive.workbench.page, pictures);
  };
  const written = async (): Promise<string[]> => {
    const plans = path.join(drive.workspace, 'plans');
    const names = await readdir(plans, { recursive: true }).catch(() => []);
    return names.filter((name) => name.endsWith('.md')).sort();
  };
  /** The text of the file that the editor in front shows, once it is `name`. */
  const inFront = async (name: string): Promise<string> => {
    const file = await drive.host.until(
      (vscode) => vscode.window.activeTextEditor?.document.uri.fsPath ?? '',
      (shown) => shown.endsWith(name),
    );
    return readFile(file, 'utf8');
  };
  const today = (): string => new Date().toISOString().slice(0, 10);
  const folder = (title: string): string => `${today().replaceAll('-', '')}-${title}`;

  it('leaves nothing behind when a question is closed', async () => {
    for (const command of ['New Plan Document…', 'New Rollback Runbook…', 'New Checklist…']) {
      const input = await ask(command);
      await input.see('Title');
      assert.equal(await input.proposed(), 'Migration of shop');
      await input.accept();
      await input.see('What kind of change is it?');
      await input.escape();
    }
    assert.deepEqual(await written(), []);
    assert.deepEqual(await drive.workbench.notifications(), []);
  });

  it('New Plan Document… writes what was answered, and says what nobody answered', async () => {
    const { workbench } = drive;
    const input = await ask('New Plan Document…', 'plan');
    await input.see('Title', '1/12');
    assert.match(await input.refused('---'), /letter or a digit/);
    await input.type('Invoice numbers');
    await input.see('What kind of change is it?', '2/12');
    await input.pick('Data format change');
    await input.see('Why is it done?', '3/12');
    await input.back();
    await input.see('What kind of change is it?', '2/12');
    assert.equal(await input.proposed(), 'Data format change');
    await input.back();
    await input.see('Title', '1/12');
    assert.equal(await input.proposed(), 'Invoice numbers');
    await input.accept();
    await input.see('What kind of change is it?', '2/12');
    await input.accept();
    await input.see('Why is it done?', '3/12');
    await input.type('Auditors ask for them');
    await input.see('How is it today?', '4/12');
    await input.type('orders have no invoice number');
    await input.see('How will it be?', '5/12');
    await input.type('each order has one | and it is unique');
    await input.see('Which systems are affected?', '6/12');
    assert.equal(await input.proposed(), 'shop');
    await input.accept();
    await input.see('Who notices, and how many?', '7/12');
    await input.accept();
    await input.see('How much data is concerned?', '8/12');
    await input.type('two million orders');
    await input.see('How much downtime is expected?', '9/12');
    await input.accept();
    await input.see('Which strategy?', '10/12');
    assert.equal(await input.proposed(), 'Propose one');
    await input.accept();
    await input.see('On which day does it begin?', '11/12');
    assert.equal(await input.proposed(), today());
    assert.match(await input.refused('2026-02-30'), /day of the calendar/);
    await input.type('2027-03-01');
    await input.see('Who approves?', '12/12');
    assert.match(await input.refused(' , '), /at least one role/);
    await input.type('Release board, Tech lead');
    const text = await inFront('plan.md');
    assert.deepEqual(await written(), [path.join(folder('invoice-numbers'), 'plan.md')]);
    for (const words of ['# Invoice numbers', 'Auditors ask for them', 'two million orders', 'Release board'])
      assert.ok(text.includes(words), words);
    assert.match(text, /begins on 2027-03-01/);
    assert.match(text, /Users \| Not said when this document was written/);
    await workbench.pressInNotification('Open Preview');
    await workbench.webview().getByRole('heading', { level: 1, name: 'Invoice numbers' }).waitFor();
    await workbench.dismissNotifications();
  });

  it('asks before it replaces a document, and takes another title with all other answers', async () => {
    const { workbench } = drive;
    const before = await readFile(
      path.join(drive.workspace, 'plans', folder('invoice-numbers'), 'plan.md'),
      'utf8',
    );
    const input = await ask('New Plan Document…', 'plan-again');
    await input.see('Title');
    await input.type('Invoice numbers');
    await input.see('What kind of change is it?');
    await input.pick('System migration');
    await input.see('Why is it done?');
    await input.type('The old system is switched off');
    for (const question of [
      'How is it today?',
      'How will it be?',
      'Which systems',
      'Who notices',
      'How much data',
      'How much downtime',
      'Which strategy?',
      'On which day',
      'Who approves?',
    ]) {
      await input.see(question);
      await input.accept();
    }
    await input.see('plan.md is there already.');
    await input.pick('Choose Another Title');
    await input.see('Title', '1/1');
    assert.equal(await input.proposed(), 'Invoice numbers');
    await input.type('Invoice numbers elsewhere');
    await workbench.page.getByRole('tab', { name: 'plan.md' }).waitFor();
    const read = (title: string): Promise<string> =>
      readFile(path.join(drive.workspace, 'plans', folder(title), 'plan.md'), 'utf8');
    assert.equal((await written()).length, 2);
    assert.equal(await read('invoice-numbers'), before);
    assert.ok((await read('invoice-numbers-elsewhere')).includes('The old system is switched off'));
  });

  it('New Rollback Runbook… writes how to go back', async () => {
    const input = await ask('New Rollback Runbook…', 'runbook');
    await input.see('Title', '1/10');
    await input.type('Back from invoice numbers');
    await input.see('What kind of change is it?', '2/10');
    await input.pick('API breaking change');
    await input.see('Which environment is it for?', '3/10');
    assert.equal(await input.proposed(), 'Production');
    await input.back();
    await input.see('What kind of change is it?', '2/10');
    await input.accept();
    await input.see('Which environment is it for?', '3/10');
    await input.accept();
    await input.see('What do users see degrade?', '4/10');
    await input.type('the checkout');
    await input.see('Which feature flag', '5/10');
    await input.type('invoice-numbers');
    await input.see('How is the previous version released?', '6/10');
    await input.type('make release VERSION=previous');
    await input.see('Where is the backup', '7/10');
    await input.accept();
    await input.see('Which dashboard', '8/10');
    await input.accept();
    await input.see('Who decides to roll back', '9/10');
    assert.notEqual(await input.proposed(), '');
    await input.type('the engineer on call');
    await input.see('After what does going back lose data?', '10/10');
    await input.accept();
    const text = await inFront('rollback.md');
    for (const words of [
      'Back from invoice numbers',
      'the checkout',
      'invoice-numbers',
      'make release VERSION=previous',
      'the engineer on call',
    ])
      assert.ok(text.includes(words), words);
    assert.match(text, /```mermaid/);
  });

  it('New Checklist… writes the items that such a change needs', async () => {
    const input = await ask('New Checklist…', 'checklist');
    await input.see('Title', '1/6');
    await input.type('Checks of invoice numbers');
    await input.see('What kind of change is it?', '2/6');
    await input.pick('Data format change');
    await input.see('Are rows rewritten in batches?', '3/6');
    assert.equal(await input.proposed(), 'No');
    await input.pick('Yes');
    await input.see('Does a feature flag', '4/6');
    await input.back();
    await input.see('Are rows rewritten in batches?', '3/6');
    assert.equal(await input.proposed(), 'Yes');
    await input.accept();
    await input.see('Does a feature flag', '4/6');
    await input.accept();
    await input.see('Days between the switch', '5/6');
    assert.equal(await input.proposed(), '14');
    assert.match(await input.refused('soon'), /number of days/);
    await input.type('30');
    await input.see('Who approves?', '6/6');
    await input.accept();
    const text = await inFront('checklist.md');
    assert.match(text, /^# .*Checks of invoice numbers$/m);
    assert.ok((text.match(/^\s*- \[ \] /gm) ?? []).length > 10, 'a checklist has boxes to tick');
    assert.match(text, /30 days/);
  });

  it('asks for nothing that a connected database tells, and names it', async () => {
    const { workbench } = drive;
    await connectToShop(workbench);
    const plan = await ask('New Plan Document…');
    await plan.see('Title', '1/11');
    await plan.type('With a database');
    for (const question of [
      'What kind of change is it?',
      'Why is it done?',
      'How is it today?',
      'How will it be?',
      'Which systems',
      'Who notices',
      'How much downtime',
      'Which strategy?',
      'On which day',
      'Who approves?',
    ]) {
      await plan.see(question);
      await plan.accept();
    }
    const text = await inFront('plan.md');
    assert.match(text, /shop on 127\.0\.0\.1/);
    assert.match(text, /200,000 rows/);
    const runbook = await ask('New Rollback Runbook…');
    await runbook.see('Title', '1/9');
    await runbook.type('With a database');
    await runbook.see('What kind of change is it?', '2/9');
    await runbook.accept();
    await runbook.see('What do users see degrade?', '3/9');
    await runbook.escape();
    assert.ok(!(await written()).includes(path.join(folder('with-a-database'), 'rollback.md')));
  });

  it('leaves no bracket in any of them, and no error in the console', async () => {
    for (const name of await written()) {
      const text = await readFile(path.join(drive.workspace, 'plans', name), 'utf8');
      // Mermaid draws its boxes with brackets.
      const words = text.replace(/^```mermaid$[^]*?^```$/gm, '');
      assert.doesNotMatch(words, /\[(?![ xX]\])[^\]\n]*\](?!\()|TODO|TBD|undefined|\{\{/, name);
    }
    assert.deepEqual(drive.errors.lines, []);
  });
});
