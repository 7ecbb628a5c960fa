import * as vscode from 'vscode';
import { t } from '../../messages/translate';
import type { Services } from '../services';
import { placeItems } from './place-items';
import { RehearsalItems } from './rehearsal-items';
import { Rounds } from './rounds';
import { runRehearsals } from './run-rehearsals';

export const rehearsalTestsId = 'switchback.rehearsals';

/** The Test Explorer's "Switchback rehearsals": one test per migration, run once or each time its file is saved. */
export function registerRehearsalTests(services: Services): vscode.Disposable[] {
  const controller = vscode.tests.createTestController(rehearsalTestsId, t('Switchback rehearsals'));
  const items = new RehearsalItems(controller, services.model, (seen) => {
    placeItems(services.assets, seen).catch((error: unknown) => services.log.error('placing tests', error));
  });
  controller.refreshHandler = () => services.model.reload();

  const runOnce = async (request: vscode.TestRunRequest, signal: AbortSignal): Promise<void> => {
    const run = controller.createTestRun(request);
    const stop = new AbortController();
    const listener = run.token.onCancellationRequested(() => stop.abort());
    try {
      const chosen = items.below(request.include, request.exclude ?? []);
      await runRehearsals(services, run, chosen, AbortSignal.any([signal, stop.signal]));
    } finally {
      listener.dispose();
      run.end();
    }
  };

  const runOnSave = (request: vscode.TestRunRequest, token: vscode.CancellationToken): void => {
    const failed = (error: unknown): void => services.log.error('rehearsing on save', error);
    const rounds = new Rounds(failed, (saved, signal) => {
      const files = new Set(saved);
      const wanted = items
        .below(request.include, request.exclude ?? [])
        .filter(({ migration: { upPath, downPath } }) => files.has(upPath) || files.has(downPath ?? ''))
        .map(({ item }) => item);
      if (wanted.length === 0) return Promise.resolve();
      return runOnce(new vscode.TestRunRequest(wanted, undefined, request.profile, true), signal);
    });
    const listener = vscode.workspace.onDidSaveTextDocument(({ uri }) => rounds.add(uri.fsPath));
    token.onCancellationRequested(() => {
      listener.dispose();
      rounds.stop();
    });
  };

  const profile = controller.createRunProfile(
    t('Rehearse'),
    vscode.TestRunProfileKind.Run,
    async (request, token) => {
      if (request.continuous) return runOnSave(request, token);
      const stop = new AbortController();
      const listener = token.onCancellationRequested(() => stop.abort());
      try {
        await runOnce(request, stop.signal);
      } finally {
        listener.dispose();
      }
    },
    true,
    undefined,
    true,
  );
  return [
    items,
    profile,
    controller,
    vscode.workspace.onDidSaveTextDocument(({ uri }) => {
      const outdated = items.ofFile(uri.fsPath).map(({ item }) => item);
      if (outdated.length > 0) controller.invalidateTestResults(outdated);
    }),
  ];
}
