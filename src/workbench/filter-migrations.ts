import * as vscode from 'vscode';
import { t } from '../messages/translate';
import { filterStates, filterWord, type FilterState, type MigrationFilter } from './migration-filter';

interface StateItem extends vscode.QuickPickItem {
  state: FilterState;
}

/**
 * Asks which migrations the view is to show: a state is chosen, and what is typed is looked for in versions and names.
 * Undefined when it was closed.
 */
export function askFilter(
  current: MigrationFilter,
  count: (filter: MigrationFilter) => number,
): Promise<MigrationFilter | undefined> {
  const pick = vscode.window.createQuickPick<StateItem>();
  // What is typed keeps the state that is chosen: it comes first, where Enter finds it.
  const states = [current.state, ...filterStates.filter((state) => state !== current.state)];
  const show = (text: string): void => {
    pick.items = states.map((state) => ({
      state,
      label: filterWord(state),
      description: migrations(count({ state, text })),
      alwaysShow: true,
    }));
  };
  pick.title = t('Filter Migrations');
  pick.placeholder = t('Type a part of a name or version, and choose a state');
  pick.value = current.text;
  show(current.text);
  return new Promise((resolve) => {
    const listeners = [
      pick.onDidChangeValue(show),
      pick.onDidAccept(() => {
        const [chosen] = pick.activeItems;
        resolve({ state: chosen?.state ?? current.state, text: pick.value.trim() });
        pick.hide();
      }),
      pick.onDidHide(() => {
        resolve(undefined);
        for (const listener of listeners) listener.dispose();
        pick.dispose();
      }),
    ];
    pick.show();
  });
}

function migrations(count: number): string {
  return count === 1 ? t('1 migration') : t('{0} migrations', count);
}
