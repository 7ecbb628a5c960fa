import * as vscode from 'vscode';
import type { RehearsalPlace } from '../../journey/rehearsal-place';
import type { Assets, JourneyContext } from '../../journey/workspace';
import { journeyContext, workspaceFolder } from '../journey-context';
import type { RehearsalItem } from './rehearsal-items';

/** Gives those that have no line yet the one where their migration begins, as several lie in one file. */
export async function placeItems(assets: Assets, items: readonly RehearsalItem[]): Promise<void> {
  const unplaced = items.filter(({ item }) => item.range === undefined);
  if (unplaced.length === 0) return;
  const { migrationPlace } = await import('../../journey/rehearsal-place');
  const contexts = new Map<string, JourneyContext>();
  for (const { item, folder, migration } of unplaced) {
    const context =
      contexts.get(folder.folder) ??
      (await journeyContext(workspaceFolder(vscode.Uri.file(folder.folder)), assets));
    contexts.set(folder.folder, context);
    const { start } = await migrationPlace(context, folder, migration);
    item.range = rangeOf({ start, end: start });
  }
}

/** As the editor counts, from 0. */
export function rangeOf({ start, end }: Pick<RehearsalPlace, 'start' | 'end'>): vscode.Range {
  return new vscode.Range(start.line - 1, start.column - 1, end.line - 1, end.column - 1);
}
