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
    drive.workbench.page.setDefaultTimeout(40_000);
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

  it('reads a plan back from its folder, at the station where it was, and shows its preview again', async () => {
    await wizard.press('Assess');
    await wizard.see('Application code mentions it');
    await wizard.press('Create Plan');
    await wizard.see('Strategy and options');
    await wizard.press('Scaffold');
    await wizard.see(/^Documents$/);
    await wizard.press('Go On to Implement');
    await wizard.see('Add full_name and the dual write');
    await reload(/implement/);
    await title().waitFor();
    const current = wizard.page.getByRole('navigation').locator('[aria-current=step]');
    assert.match(await current.innerText(), /Implement/);
    assert.match(await wizard.text(), /Add full_name and the dual write/);

    const { workbench } = drive;
    await workbench.runCommand('View: Close All Editors');
    await workbench.runCommand('Switchback: Open Plan Preview');
    await previewTitle().waitFor();
    await reload(/planPreview[^]{0,2000}planUri/);
    await previewTitle().waitFor();
  });

  /** Connects and fills the form of a rename. */
  async function describeRename(): Promise<void> {
    const { workbench } = drive;
    await workbench.openSideBar('Switchback');
    await workbench.runCommand('Switchback: Connect…');
    await workbench.pick('found in .env');
    await workbench.pick('prefer');
    await workbench.page.getByText('A name for this connection').waitFor();
    await workbench.answer('shop');
    await workbench.pick('Development');
    await workbench.pick('Connect');
    await workbench.treeItem('Connection shop, Development, connected').waitFor();
    await workbench.runCommand('Switchback: Plan a Change…');
    await wizard.choose('How?', 'Rename a column');
    await wizard.choose('Table', /^public\.customers /);
    await wizard.choose('Old name', /^name /);
    await wizard.type('New name', 'full_name');
    await wizard.see('Rename public.customers.name to full_name');
  }

  function previewTitle(): ReturnType<Wizard['page']['getByRole']> {
    return drive.workbench.webview().getByRole('heading', { level: 2, name: 'Summary' });
  }

  function title(): ReturnType<Wizard['page']['getByRole']> {
    return wizard.page.getByRole('heading', {
      level: 1,
      name: 'Rename public.customers.name to full_name',
    });
  }

  /** Opens the window again once it has written down what is open, which it does every few idle seconds. */
  async function reload(written: RegExp): Promise<void> {
    const { page } = drive.workbench;
    let kept = '';
    for (let attempt = 0; attempt < 90 && !written.test(kept); attempt += 1) {
      await page.waitForTimeout(1_000);
      kept = await page.evaluate<string>(openEditorsKept);
    }
    assert.match(kept, written);
    await page.reload({ waitUntil: 'domcontentloaded' });
    await page.locator('.part.statusbar').waitFor({ timeout: 60_000 });
  }
});

/** Runs in the page: what the browser's storage holds of open pages. */
const openEditorsKept = `(async () => {
  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const kept = [];
  for (const { name } of await indexedDB.databases()) {
    if (!name.startsWith('vscode-web-state-db')) continue;
    const database = await done(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      const values = await done(database.transaction(store).objectStore(store).getAll());
      kept.push(...values.filter((value) => /switchback[.](wizard|planPreview)/.test(String(value))));
    }
    database.close();
  }
  return kept.join('\\n');
})()`;
