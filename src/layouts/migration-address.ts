import type { Migration } from './layout';

/**
 * What names one migration, where a file may hold several: its up file, and behind it what tells it from the others there,
 * as the tool writes it (`1.sql::id::author`). A file that is one migration is its address.
 */
export function migrationAddress({ upPath, version }: Pick<Migration, 'upPath' | 'version'>): string {
  const place = version.indexOf('::');
  return place < 0 ? upPath : `${upPath}${version.slice(place)}`;
}

/** Whether an address names a migration: its own, or a file of its. */
export function isAddressOf(address: string, migration: Migration): boolean {
  const { upPath, downPath } = migration;
  return address === upPath || address === downPath || address === migrationAddress(migration);
}

/** The file of an address. */
export function fileOfAddress(address: string): string {
  return address.replace(/(\.sql)::.*$/s, '$1');
}
