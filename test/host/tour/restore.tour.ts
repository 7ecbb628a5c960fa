import assert from 'node:assert/strict';
import path from 'node:path';
import { startDrive, type Drive } from '../kit/driver';
import { repository } from '../kit/folders';
import { useWizard, type Wizard } from '../kit/wizard';

/** The wizard is a resumable editor tab: a window that is opened again shows it where it was. */
describe('a wizard in a window that is opened again', function () {
  this.timeout(180_000);
  let drive: Drive;
  let wizard: Wizard;

  beforeEach(async () => {
    drive = await startDrive();
    drive.workbench.page.setDefaultTimeout(20_000);
    wizard = useWizard(drive.workbench);
    await describeRename();
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed')
      await drive?.workbench.page.screenshot({
        path: path.join(repository, '.switchback-test', 'failed.png'),
      });
    await drive?.stop();
  });

  it('keeps the draft of a change', async () => {
    await reload();
    await title().waitFor();
    assert.equal(await wizard.page.getByRole('textbox', { name: 'New name' }).inputValue(), 'full_name');
  });

  it('reads a plan back from its folder, at the station where it was', async () => {
    await wizard.press('Assess');
    await wizard.see('Application code mentions it');
    await wizard.press('Create Plan');
    await wizard.see('Strategy and options');
    await wizard.press('Scaffold');
    await wizard.see('Documents');
    await wizard.press('Go On to Implement');
    await wizard.see('Add full_name and the dual write');
    await reload();
    await title().waitFor();
    const current = wizard.page.getByRole('navigation').locator('[aria-current=step]');
    assert.match(await current.innerText(), /Implement/);
    assert.match(await wizard.text(), /Add full_name and the dual write/);
  });

  /** Connects and fills the form of a rename. */
  async function describeRename(): Promise<void> {
    const { workbench } = drive;
    await workbench.openSideBar('Switchback');
    await workbench.runCommand('Switchback: Connect to a Database…');
    await workbench.pick('found in .env');
    await workbench.pick('prefer');
    await workbench.page.getByText('A name for this connection').waitFor();
    await workbench.answer('shop');
    await workbench.pick('Development');
    await workbench.pick('Connect');
    await workbench.treeItem('Connection shop, Development, connected').waitFor();
    await workbench.runCommand('Switchback: Plan a Change…');
    await wizard.page.getByRole('radio', { name: /^Rename a column/ }).click();
    await wizard.choose('Table', /^public\.customers /);
    await wizard.choose('Old name', /^name /);
    await wizard.type('New name', 'full_name');
    await wizard.see('Rename public.customers.name to full_name');
  }

  function title(): ReturnType<Wizard['page']['getByRole']> {
    return wizard.page.getByRole('heading', {
      level: 1,
      name: 'Rename public.customers.name to full_name',
    });
  }

  async function reload(): Promise<void> {
    const { page } = drive.workbench;
    // A window in the browser writes down what is open every five seconds.
    await page.waitForTimeout(7_000);
    await page.reload({ waitUntil: 'domcontentloaded' });
    await page.locator('.part.statusbar').waitFor({ timeout: 60_000 });
  }
});
