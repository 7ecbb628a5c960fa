import type { Session } from '../database/session';
import type { History, Migration } from '../layouts/layout';
import { runsAgain } from '../layouts/runs-again';
import { wholeHistory } from '../layouts/whole-history';
import type { ReleasedFile } from './run-context';

/** What the tool's history says of one migration. */
export type FileState = 'pending' | 'applied' | 'dirty';

/** Whether the tool runs a migration again that its history has: its text is another now, or it asks for each run. */
export async function willRunAgain(session: Session, file: ReleasedFile): Promise<boolean> {
  const { layout, migration, directory, up } = file;
  if (!migration.repeats) return false;
  const { applied } = await layout.history(directory, session);
  const row = applied.find(({ version }) => version === migration.version);
  return row !== undefined && runsAgain(layout, migration, row, up);
}

/** What the tool's history says of the migration now. */
export async function readFileState(session: Session, file: ReleasedFile): Promise<FileState> {
  const history = await file.layout.history(file.directory, session);
  return stateIn(wholeHistory(history, file.siblings), file.migration);
}

function stateIn(history: History, migration: Migration): FileState {
  const latest = history.applied[0];
  if (history.cumulative && latest) {
    if (BigInt(latest.version) > BigInt(migration.version)) return 'applied';
    if (latest.version !== migration.version) return 'pending';
    return latest.dirty ? 'dirty' : 'applied';
  }
  const row = history.applied.find((applied) => applied.version === migration.version);
  return row === undefined ? 'pending' : row.dirty ? 'dirty' : 'applied';
}

/**
 * Whether the history is marked as begun at the version straight before this migration: taking it back was cut off,
 * or its last mark is missing. Only a tool that keeps the latest version alone marks it so.
 */
export async function isDirtyJustBelow(session: Session, file: ReleasedFile): Promise<boolean> {
  const history = await file.layout.history(file.directory, session);
  const latest = history.applied[0];
  if (!history.cumulative || !latest?.dirty) return false;
  const next = file.siblings.find((sibling) => BigInt(sibling.version) > BigInt(latest.version));
  return next?.version === file.migration.version;
}
