import { t } from '../../../messages/translate';
import type { MigrationSql } from '../migration-sql';

/** A frame that runs as it is and changes nothing until statements are added. */
export function emptyMigration(name: string): MigrationSql {
  return {
    title: name,
    notes: [
      t(
        'As it stands this changes nothing. Statements added below run in one transaction. Keep schema and data apart: a migration that changes rows holds its locks until the last row is written.',
      ),
      t(
        'CREATE INDEX CONCURRENTLY and other statements that refuse a transaction need a migration of their own. Renaming, retyping or requiring a column while an application uses it takes phases: run "Switchback: Plan a Change…".',
      ),
    ],
    up: [],
    downNotes: [
      t(
        'As it stands this changes nothing. It has to undo each statement of the up, the last one first; "Switchback: Rehearse Rollback" proves that it does.',
      ),
    ],
    down: [],
    transactional: true,
  };
}
