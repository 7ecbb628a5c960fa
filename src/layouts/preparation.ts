import type { Layout, Migration } from './layout';
import { setSearchPath } from './with-history-table';

/**
 * What makes the tool's own history table, which is there before its first migration: some migrations read it. With the
 * search path that the session then runs migrations with, where the tool gives them one.
 */
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
  const { prepare, searchPath } = layout.execution(migration, 'up', nothing);
  return searchPath ? [...prepare, setSearchPath(searchPath)] : prepare;
}
