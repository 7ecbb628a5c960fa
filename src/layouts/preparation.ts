import type { Layout, Migration } from './layout';

/** What makes the tool's own history table, which is there before its first migration: some migrations read it. */
export function preparationOf(layout: Layout, migration: Migration): string[] {
  const nothing = {
    directory: '',
    previousVersion: null,
    by: '',
    sql: '',
    contentHash: '',
    recordedHash: null,
    id: '',
  };
  return layout.execution(migration, 'up', nothing).prepare;
}
