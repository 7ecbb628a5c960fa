import type { Workbench } from './workbench';

/** Applies the pending migrations of the sample, each from its menu: a plan's migrations come after them. */
export async function applyPending(workbench: Workbench): Promise<void> {
  for (const name of ['010_add_customer_phone', '011_index_orders_placed_at', '012_create_coupons']) {
    await workbench.chooseFromMenu(workbench.treeItem(new RegExp(`^Migration ${name}`)), 'Apply');
    await workbench.treeItem(`Migration ${name}, applied`).waitFor();
  }
  await workbench.dismissNotifications();
}
