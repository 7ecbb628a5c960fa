import { contentHash } from './content-hash';
import type { MigrationScript } from './layout';

/** A script with the hash of its SQL, which is worked out when somebody asks for it. */
export function migrationScript(parts: Omit<MigrationScript, 'contentHash'>): MigrationScript {
  let hash: string | null = null;
  return {
    ...parts,
    get contentHash() {
      return (hash ??= contentHash(parts.sql));
    },
  };
}
