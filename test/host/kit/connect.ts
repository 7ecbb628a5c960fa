import assert from 'node:assert/strict';
import { useQuickInput } from './quick-input';
import type { Workbench } from './workbench';

/** Connects to the database that .env names, with Connect…; goes back once on the way, and calls it shop. */
export async function connectToShop(workbench: Workbench, pictures?: string): Promise<void> {
  await workbench.openSideBar('Switchback');
  await workbench.runCommand('Switchback: Connect…');
  const input = useQuickInput(workbench.page, pictures);
  await input.see('Which database?', '1/5');
  await input.accept();
  await input.see('sslmode', '2/5');
  await input.back();
  await input.see('Which database?', '1/5');
  assert.match(await input.proposed(), /^shop on /);
  await input.accept();
  await input.see('sslmode', '2/5');
  assert.equal(await input.proposed(), 'prefer');
  await input.accept();
  await input.see('A name for this connection', '3/5');
  await input.type('shop');
  await input.see('Which environment is it?', '4/5');
  await input.pick('Development');
  await workbench.page.locator('.quick-input-widget').getByText('Test the Connection').waitFor();
  await input.accept();
  await workbench.statusBar('Development: shop').waitFor();
}
