import type { Layout, LayoutExecution, Migration } from './layout';

/** What makes the tool's own history table, which is there before its first migration: some migrations read it. */
export function preparationOf(layout: Layout, migration: Migration): string[] {
  return executionOf(layout, migration).prepare;
}

/** The search path that the tool gives a migration; absent where it has that of the session. */
export function searchPathOf(layout: Layout, migration: Migration): { searchPath?: readonly string[] } {
  const { searchPath } = executionOf(layout, migration);
  return searchPath ? { searchPath } : {};
}

function executionOf(layout: Layout, migration: Migration): LayoutExecution {
  return layout.execution(migration, 'up', {
    directory: '',
    previousVersion: null,
    by: '',
    sql: '',
    contentHash: '',
    recordedHash: null,
    id: '',
  });
}
