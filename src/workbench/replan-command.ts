import * as vscode from 'vscode';
import type { Replanned } from '../journey/replan';
import { t } from '../messages/translate';
import { commandIds } from './ids';
import { requireTrust } from './journey-context';
import { aboutFile } from './migration-commands';
import { registerCommand } from './register-command';
import type { Services } from './services';
import { pickPlan } from './targets';
import type { WizardPanels } from './wizard/wizard-panels';

/** Plan the Rest Anew…: what is still to come of a plan, for the database as it is by now. */
export function registerReplanCommand(services: Services, wizards: WizardPanels): vscode.Disposable {
  return registerCommand(commandIds.replanRest, services.log, async (argument) => {
    requireTrust();
    const plan = await pickPlan(services, argument);
    if (!plan) return;
    const days = await askDays(services, plan.folder);
    if (days === undefined) return;
    const { replanRest } = await import('../journey/replan');
    const replanned = await aboutFile(services, t('Planning the rest anew'), plan.folder, (context) =>
      services.database.exclusive((database) =>
        replanRest(context, database, plan.folder, { deprecationDays: days }),
      ),
    );
    await Promise.all([services.model.reload(), wizards.refreshPlan(plan.folder)]);
    void vscode.window.showInformationMessage(replannedText(plan.title, replanned));
  });
}

/** The days between release and contract; undefined where the box was closed. */
async function askDays(services: Services, folder: string): Promise<number | undefined> {
  const { loadPlan } = await import('../journey/plans');
  const { plan } = await aboutFile(services, t('Reading the plan'), folder, (context) =>
    loadPlan(context, folder),
  );
  const answer = await vscode.window.showInputBox({
    title: t('Plan the Rest Anew'),
    prompt: t('How many days does code that uses the old shape have after the release?'),
    value: String(plan.options.deprecationDays),
    validateInput: (text) =>
      /^\d{1,4}$/.test(text) && Number(text) <= 3650 ? null : t('Give a number of days from 0 to 3650.'),
  });
  return answer === undefined ? undefined : Number(answer);
}

function replannedText(title: string, { changed, added, gone }: Replanned): string {
  const count = changed.length + added.length + gone.length;
  if (count === 0) return t('The rest of "{0}" is as it was.', title);
  if (count === 1)
    return t(
      'The rest of "{0}" is planned anew: 1 step differs. Have it rehearsed and approved again.',
      title,
    );
  return t(
    'The rest of "{0}" is planned anew: {1} steps differ. Have it rehearsed and approved again.',
    title,
    count,
  );
}
