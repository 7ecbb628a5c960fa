import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { lastAppliedVersion } from '../../../samples/shop-seed';
import { connectToShop } from '../kit/connect';
import { startDrive, type Drive } from '../kit/driver';
import { endDrive } from '../kit/end-drive';
import { repository } from '../kit/folders';
import { useQuickInput } from '../kit/quick-input';
import { useWizard, type Wizard } from '../kit/wizard';

/** Changes of other kinds in the form of the wizard, and those that lead to a schema in a file. */
describe('any change in VS Code', function () {
  this.timeout(120_000);
  // Each step stands on the one before it: after a failure the rest would only wait.
  this.bail(true);
  let drive: Drive;
  let wizard: Wizard;

  before(async () => {
    drive = await startDrive();
    drive.workbench.page.setDefaultTimeout(40_000);
    wizard = useWizard(drive.workbench);
    await drive.workbench.setTheme('light');
    await connectToShop(drive.workbench);
  });

  endDrive(() => drive);

  it('asks what is changed, then how, with a form for each', async () => {
    const { workbench } = drive;
    await workbench.runCommand('Switchback: Plan a Change…');
    await wizard.see('What do you want to change?');
    await wizard.choose('What do you want to change?', 'Constraints');
    await wizard.choose('How?', 'Add a foreign key');
    await wizard.choose('What do you want to change?', 'Tables');
    await wizard.choose('How?', 'Create a table');
    await wizard.type('New table', 'public.refunds');
    await wizard.type(
      'Columns and constraints',
      'id bigint PRIMARY KEY,\norder_id int NOT NULL REFERENCES public.orders',
    );
    await wizard.see('Create the table public.refunds');
    await workbench.screenshot('change-create-table');
    assert.deepEqual(await wizard.violations(), []);
    await wizard.press('Assess');
    await wizard.see('Type of migration');
    await wizard.press('Create Plan');
    await wizard.see('Release the application that uses public.refunds');
    await workbench.screenshot('plan-create-table');
    await workbench.runCommand('View: Close All Editors');
  });

  it('takes what is picked in the tree of the connection into the form', async () => {
    const { workbench } = drive;
    const open = async (name: string | RegExp): Promise<void> => {
      await workbench.treeItem(name).click();
      await workbench.page.keyboard.press('ArrowRight');
    };
    await open('Connection shop, Development, connected');
    await open(/^Table public\.orders,/);
    await workbench.treeItem('Column placed_at, timestamp with time zone, required').click();
    await workbench.screenshot('connection-tree');
    await workbench.chooseFromMenu(
      workbench.treeItem('Column placed_at, timestamp with time zone, required'),
      'Plan a Change…',
    );
    await wizard.choose('How?', 'Change the type of a column');
    await wizard.type('Type', 'timestamp');
    await wizard.see('Change the type of public.orders.placed_at to timestamp');
    await workbench.runCommand('View: Close All Editors');
  });

  it('Plan from a Schema File… asks what may be a rename, and lists the changes with their recipes', async () => {
    const { workbench } = drive;
    const file = path.join(drive.workspace, 'wanted.sql');
    await writeFile(file, await wantedSchema());
    await workbench.runCommand('Switchback: Plan from a Schema File…');
    const input = useQuickInput(workbench.page, 'schema');
    await workbench.page.locator('.quick-input-widget').getByText('wanted.sql').first().waitFor();
    await input.type(file);
    await input.see('What is not chosen is dropped');
    await workbench.screenshot('schema-renames');
    await input.tick('city becomes town');
    await input.accept();
    await input.see('Which ones go into one plan?');
    await input.tick('2. Change the type of public.products.in_stock to bigint');
    await input.tick('3. Add an index on status to public.orders');
    await workbench.screenshot('schema-changes');
    await input.accept();
    const both =
      'Change the type of public.products.in_stock to bigint; Add an index on status to public.orders';
    await wizard.page.getByRole('heading', { level: 1, name: both }).waitFor();
    await wizard.see('The same plan also makes');
    await wizard.page.getByRole('heading', { name: 'What the plan would do here' }).waitFor();
    assert.deepEqual(await wizard.violations(), []);
    const others = wizard.page.getByRole('heading', { name: 'The same plan also makes' });
    await others.evaluate((heading: { scrollIntoView(): void }) => heading.scrollIntoView());
    await workbench.screenshot('several-changes');
    await wizard.press('Assess');
    await wizard.see('Type of migration');
  });

  it('leaves no error of the extension in the console', () => {
    assert.deepEqual(drive.errors.lines, []);
  });
});

/** The schema of the sample as its migrations make it, and what somebody wants to be otherwise. */
async function wantedSchema(): Promise<string> {
  const folder = path.join(repository, 'samples', 'shop', 'migrations');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.up.sql')).sort();
  const applied = names.filter((name) => Number.parseInt(name, 10) <= lastAppliedVersion);
  const texts = await Promise.all(applied.map((name) => readFile(path.join(folder, name), 'utf8')));
  return `${texts.join('\n')}
ALTER TABLE customers RENAME COLUMN city TO town;
ALTER TABLE products ALTER COLUMN in_stock TYPE bigint;
CREATE INDEX orders_status ON orders (status);
`;
}
