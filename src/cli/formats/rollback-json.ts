import type { ProposedRollback } from '../../journey/generate-rollback';
import type { MigrationRehearsal } from '../../rehearse/rehearsal';
import { nameInWorkspace } from './lint-report';

/** A proposed way back, and which files were written. */
export interface RollbackJson extends Omit<ProposedRollback, 'rehearsal'> {
  rehearsal: Omit<MigrationRehearsal, 'failedAt'>;
  written: string[];
}

/** The JSON other programs rely on (schemas/generate-rollback.schema.json): paths relative to the workspace folder, with `/`. */
export function rollbackJson(
  rollback: ProposedRollback,
  written: readonly string[],
  root: string,
): RollbackJson {
  const named = (file: string): string => nameInWorkspace(root, file);
  const { failedAt: _, ...rehearsal } = rollback.rehearsal;
  return {
    ...rollback,
    file: named(rollback.file),
    up: rollback.up && { ...rollback.up, file: named(rollback.up.file) },
    rehearsal: { ...rehearsal, path: named(rehearsal.path) },
    written: written.map(named),
  };
}
