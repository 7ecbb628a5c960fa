import type * as vscode from 'vscode';
import { t } from '../messages/translate';
import type { ActiveDatabase } from './active-database';
import type { WorkspaceModel } from './workspace-model';

/** Why a migration's up is not to be edited any more, as a sentence; null where it may be. */
export function appliedReason(
  file: vscode.Uri,
  model: WorkspaceModel,
  database: ActiveDatabase,
): string | null {
  const found = model.migrationOf(file.fsPath);
  const { current } = database;
  if (!current || found?.status.state !== 'applied' || found.status.migration?.upPath !== file.fsPath)
    return null;
  return t(
    'This migration is applied on {0} already. Correct it with a new migration.',
    current.connection.name,
  );
}
