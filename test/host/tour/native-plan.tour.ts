import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { applyPending } from '../kit/apply-pending';
import { connectToShop } from '../kit/connect';
import { startDrive, type Drive } from '../kit/driver';
import { endDrive } from '../kit/end-drive';
import { useQuickInput } from '../kit/quick-input';
import { useWizard, type Wizard } from '../kit/wizard';

/** The commands that plan with native questions, and those that go on with a plan or take it back. */
describe('planning with native questions in VS Code', function () {
  this.timeout(120_000);
  // Each step stands on the one before it: after a failure the rest would only wait.
  this.bail(true);
  let drive: Drive;
  let wizard: Wizard;

  const columns = async (): Promise<string> => {
    const [row] = await drive.database.query<{ value: string }>(
      `SELECT string_agg(attname, ',' ORDER BY attnum) AS value FROM pg_attribute
       WHERE attrelid = 'public.customers'::regclass AND attnum > 0 AND NOT attisdropped`,
    );
    return row!.value;
  };

  before(async () => {
    drive = await startDrive();
    drive.workbench.page.setDefaultTimeout(40_000);
    wizard = useWizard(drive.workbench);
    await drive.workbench.setTheme('light');
    await connectToShop(drive.workbench);
    await applyPending(drive.workbench);
  });

  endDrive(() => drive);

  it('Add a Required Column… asks for the column and its value, and assesses it', async () => {
    const { workbench } = drive;
    await workbench.runCommand('Switchback: Add a Required Column…');
    const input = useQuickInput(workbench.page, 'required');
    await input.see('Which table?', '1/6');
    await input.pick('public.customers');
    await input.see('Name of the new column', '2/6');
    assert.match(await input.refused('name'), /already has a column name/);
    await input.type('tier');
    await input.see('Type, as SQL spells it', '3/6');
    await input.type('text');
    await input.see('What do existing rows get?', '4/6');
    await input.pick('An expression');
    await input.see('The expression, over the columns of the row', '5/5');
    await input.back();
    await input.see('What do existing rows get?', '4/5');
    assert.equal(await input.proposed(), 'An expression');
    await input.pick('A default');
    await input.see('The default, as SQL', '5/6');
    await input.type("'basic'");
    await input.see('May writers go on', '6/6');
    await input.accept();
    await wizard.page
      .getByRole('heading', { level: 1, name: 'Add the required column tier to public.customers' })
      .waitFor();
    await wizard.see('Type of migration');
    await workbench.runCommand('View: Close All Editors');
    assert.ok(!(await columns()).includes('tier'));
  });

  it('Rename a Column… keeps its answers on the way back, and assesses the change', async () => {
    const { workbench } = drive;
    await workbench.runCommand('Switchback: Rename a Column…');
    const input = useQuickInput(workbench.page, 'rename');
    await input.see('Which table?', '1/5');
    await input.pick('public.customers');
    await input.see('Which column?', '2/5');
    await input.pick('name');
    await input.see('New name of name', '3/5');
    await input.back();
    await input.see('Which column?', '2/5');
    assert.equal(await input.proposed(), 'name');
    await input.accept();
    await input.see('New name of name', '3/5');
    assert.match(await input.refused('email'), /already has a column email/);
    await input.type('full_name');
    await input.see('Is the column copied', '4/5');
    assert.match(await input.proposed(), /^A copy: /);
    await input.accept();
    await input.see('What writes both columns', '5/5');
    assert.equal(await input.proposed(), 'By a trigger');
    await input.pick('By the application');
    await wizard.see('Type of migration');
    await wizard.press('Create Plan');
    await wizard.see('Strategy and options');
    await wizard.see('Release the application that writes name and full_name');
    await wizard.page.getByRole('radio', { name: /^By a trigger/ }).click();
    await wizard.see('Release the application that uses full_name');
    await wizard.press('Scaffold');
    await wizard.see(/^Documents$/);
    assert.equal((await readdir(path.join(drive.workspace, 'plans'))).length, 1);
  });

  it('Resume a Plan… opens the plan that is on disk', async () => {
    const { workbench } = drive;
    await workbench.runCommand('View: Close All Editors');
    await workbench.runCommand('Switchback: Resume a Plan…');
    await wizard.page
      .getByRole('heading', { level: 1, name: 'Rename public.customers.name to full_name' })
      .waitFor();
    await workbench.runCommand('Switchback: Apply Next Step');
    await workbench.page.getByText('Keep progress in the database?').first().waitFor();
    await workbench.pick('Create Schema');
    await wizard.see(/^Migrating: 1 of \d+ steps done/);
    assert.ok((await columns()).includes('full_name'));
  });

  it('Roll Back… takes the plan back', async () => {
    const { workbench } = drive;
    await workbench.runCommand('Switchback: Roll Back…');
    await workbench.page.getByText('The last step goes first').first().waitFor();
    await workbench.pick('Roll Back');
    await wizard.see(/^Rolled back: 0 of \d+ steps done/);
    assert.ok(!(await columns()).includes('full_name'));
  });

  it('leaves no error of the extension in the console', () => {
    assert.deepEqual(drive.errors.lines, []);
  });
});
