import { golangMigrate } from './golang-migrate';
import type { Layout, LayoutId } from './layout';
import { nodePgMigrate } from './node-pg-migrate';
import { plainPair } from './plain-pair';
import { sqlx } from './sqlx';

/** Every layout there is. Adding one means a file, a line here and a test. */
export const layouts: readonly Layout[] = [golangMigrate, nodePgMigrate, plainPair, sqlx];

/** The layout of an id. */
export function layoutById(id: LayoutId): Layout {
  return layouts.find((layout) => layout.id === id)!;
}
