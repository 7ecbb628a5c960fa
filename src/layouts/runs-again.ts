import type { AppliedMigration, Layout, Migration, MigrationScript } from './layout';

type Recording = Pick<Layout, 'recordedHash' | 'acceptsHash'>;

/** Whether the tool takes a file for the one of a recorded checksum. */
export function isRecorded(layout: Recording, up: MigrationScript, recorded: string): boolean {
  return layout.acceptsHash ? layout.acceptsHash(up, recorded) : layout.recordedHash(up) === recorded;
}

/** Whether the tool runs a migration again that has run: each time, or because its text is not the one that ran. */
export function runsAgain(
  layout: Recording,
  { repeats }: Migration,
  row: AppliedMigration,
  up: MigrationScript | null,
): boolean {
  if (row.dirty) return false;
  switch (repeats) {
    case undefined:
      return false;
    case 'always':
      return true;
    case 'changed':
      return up !== null && row.contentHash !== null && !isRecorded(layout, up, row.contentHash);
  }
}
