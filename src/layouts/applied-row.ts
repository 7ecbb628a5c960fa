import type { AppliedMigration } from './layout';

/** A row of a history: what the tool keeps beside the version, and nothing of what it does not. */
export function appliedRow(
  version: string,
  kept: Partial<Omit<AppliedMigration, 'version'>> = {},
): AppliedMigration {
  return {
    version,
    name: null,
    appliedAt: null,
    appliedBy: null,
    milliseconds: null,
    contentHash: null,
    dirty: false,
    ...kept,
  };
}
