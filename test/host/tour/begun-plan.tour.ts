import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { applyPending } from '../kit/apply-pending';
import { connectToShop } from '../kit/connect';
import { startDrive, type Drive } from '../kit/driver';
import { endDrive } from '../kit/end-drive';
import { useQuickInput } from '../kit/quick-input';
import { useWizard, type Wizard } from '../kit/wizard';

const title = 'Rename public.customers.name to full_name';

/** A plan that somebody has begun by hand: it is adopted, planned anew, shown to others, and given up. */
describe('a plan that has begun in VS Code', function () {
  this.timeout(120_000);
  // Each step stands on the one before it: after a failure the rest would only wait.
  this.bail(true);
  let drive: Drive;
  let wizard: Wizard;

  const plans = (): string => path.join(drive.workspace, 'plans');
  const planFolder = async (): Promise<string> => path.join(plans(), (await readdir(plans()))[0]!);
  const columns = async (): Promise<string[]> => {
    const rows = await drive.database.query<{ name: string }>(
      `SELECT attname AS name FROM pg_attribute
       WHERE attrelid = 'public.customers'::regclass AND attnum > 0 AND NOT attisdropped`,
    );
    return rows.map(({ name }) => name);
  };
  const fromTree = async (entry: string): Promise<void> => {
    const item = drive.workbench.treeItem(new RegExp(`^Plan ${title}`));
    await drive.workbench.chooseFromMenu(item, entry);
  };
  /** Waits for a notification that says so; their list closes by itself when something else takes the focus. */
  const told = async (text: RegExp): Promise<void> => {
    const message = drive.workbench.page.locator('.notification-list-item-message').getByText(text).first();
    for (let attempt = 0; attempt < 10 && !(await message.isVisible()); attempt += 1) {
      await drive.workbench.runCommand('Notifications: Show Notifications');
      await message.waitFor({ timeout: 4_000 }).catch(() => undefined);
    }
    await message.waitFor({ timeout: 1_000 });
  };

  before(async () => {
    drive = await startDrive();
    drive.workbench.page.setDefaultTimeout(40_000);
    wizard = useWizard(drive.workbench);
    await drive.workbench.setTheme('light');
    await connectToShop(drive.workbench);
    await applyPending(drive.workbench);
    await scaffold();
  });

  endDrive(() => drive);

  async function scaffold(): Promise<void> {
    const { workbench } = drive;
    await workbench.runCommand('Switchback: Rename a Column…');
    const input = useQuickInput(workbench.page);
    await input.see('Which table?');
    await input.pick('public.customers');
    await input.see('Which column?');
    await input.pick('name');
    await input.see('New name of name');
    await input.type('full_name');
    await input.see('Is the column copied');
    await input.accept();
    await input.see('What writes both columns');
    await input.accept();
    await wizard.see('Type of migration');
    await wizard.press('Create Plan');
    await wizard.see('Strategy and options');
    await wizard.press('Scaffold');
    await wizard.see(/^Documents$/);
  }

  it('says that nothing of it is done', async () => {
    await fromTree('Adopt What Is Done…');
    await drive.workbench.page.getByText('Keep progress in the database?').first().waitFor();
    await drive.workbench.pick('Create Schema');
    await told(new RegExp(`Nothing of "${title}" that is open is done on `));
    await drive.workbench.dismissNotifications();
  });

  it('Adopt What Is Done… takes what somebody ran in a console as done', async () => {
    const { workbench } = drive;
    const folder = path.join(drive.workspace, 'migrations');
    const first = (await readdir(folder)).filter((name) => /^013_.*\.up\.sql$/.test(name));
    // Somebody else's act in a console of their own: nothing that Switchback has a part in.
    await drive.database.query(await readFile(path.join(folder, first[0]!), 'utf8'));
    assert.ok((await columns()).includes('full_name'));
    await fromTree('Adopt What Is Done…');
    await workbench.page
      .getByText(/^Take .* as done on /)
      .first()
      .waitFor();
    await workbench.screenshot('adopt');
    await workbench.pick('Take as Done');
    await wizard.see(/^Migrating: 1 of \d+ steps done/);
    await workbench.treeItem(/^Migration 013_.*, applied/).waitFor();
    await told(/1 step counts as done\. It goes on with /);
    await workbench.dismissNotifications();
  });

  it('Plan the Rest Anew… plans what is left with another deprecation window', async () => {
    const { workbench } = drive;
    await fromTree('Plan the Rest Anew…');
    const input = useQuickInput(workbench.page);
    await input.see('How many days does code that uses the old shape have');
    assert.match(await input.refused('many'), /Give a number of days/);
    await input.type('45');
    await workbench.page.getByText(`Plan the rest of "${title}" anew?`).first().waitFor();
    await workbench.screenshot('plan-the-rest-anew');
    await workbench.pick('Plan Anew');
    await told(/is planned anew: .* Have it rehearsed and approved again\./);
    await workbench.dismissNotifications();
    assert.match(await readFile(path.join(await planFolder(), 'plan.md'), 'utf8'), /45 days/);
  });

  it('Open Plan Preview shows the plan as it is now', async () => {
    const { workbench } = drive;
    await workbench.runCommand('View: Close All Editors');
    await fromTree('Open Plan Preview');
    const page = workbench.webview();
    await page.getByText(/1 of 14 steps done/).waitFor();
    await page.getByText(/45 of them waiting before the old goes/).waitFor();
    await workbench.screenshot('plan-preview');
  });

  it('Create Issues from Tickets… names what it would create, and creates nothing unasked', async () => {
    const { workbench } = drive;
    await fromTree('Create Issues from Tickets…');
    await workbench.page
      .getByText(/^Create \d+ issues\?/)
      .first()
      .waitFor();
    await workbench.page.keyboard.press('Escape');
    const tickets = path.join(await planFolder(), 'tickets');
    for (const name of await readdir(tickets))
      assert.doesNotMatch(await readFile(path.join(tickets, name), 'utf8'), /issueAskedAt/);
  });

  it('Abandon Plan… takes it back and tidies up', async () => {
    const { workbench } = drive;
    await fromTree('Abandon Plan…');
    await workbench.page.getByText(`Abandon "${title}"?`).first().waitFor();
    await workbench.screenshot('abandon');
    await workbench.pick('Abandon');
    await workbench.treeItem(`Plan ${title}, Abandoned`).waitFor();
    assert.ok(!(await columns()).includes('full_name'));
    await told(/is abandoned\. Its migration files stay and are pending; .*: 013_/);
    await workbench.dismissNotifications();
  });

  it('leaves no error of the extension in the console', () => {
    assert.deepEqual(drive.errors.lines, []);
  });
});
