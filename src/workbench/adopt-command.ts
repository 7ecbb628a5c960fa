import * as vscode from 'vscode';
import { createRunControl } from '../implement/run-control';
import type { RunEvent } from '../implement/run-event';
import type { Adoption } from '../journey/adopt';
import { t } from '../messages/translate';
import { commandIds } from './ids';
import { requireTrust } from './journey-context';
import { aboutFile } from './migration-commands';
import { registerCommand } from './register-command';
import type { Services } from './services';
import { pickPlan } from './targets';
import type { WizardPanels } from './wizard/wizard-panels';

/** Adopt What Is Done…: the next steps whose effect is on the database count as done. */
export function registerAdoptCommand(services: Services, wizards: WizardPanels): vscode.Disposable {
  return registerCommand(commandIds.adoptPlan, services.log, async (argument) => {
    requireTrust();
    const plan = await pickPlan(services, argument);
    if (!plan) return;
    const { adoptPlan } = await import('../journey/adopt');
    const adoption = await aboutFile(services, t('Looking for what is done'), plan.folder, (context) => {
      const onEvent = (event: RunEvent): void => {
        if (event.kind === 'step' || event.kind === 'note') services.log.info(event.message);
      };
      const request = { planFolder: plan.folder, onEvent, control: createRunControl() };
      return services.database.exclusive((database) => adoptPlan(context, { ...request, database }));
    });
    await services.model.reload();
    void vscode.window.showInformationMessage(adoptedText(plan.title, adoption));
    const session = await wizards.openPlan(plan.folder, 'implement');
    await session.handle({ kind: 'refresh' });
    await session.handle({ kind: 'go', station: 'implement' });
  });
}

function adoptedText(title: string, { adopted, stopped }: Adoption): string {
  const taken =
    adopted.length === 1
      ? t('Of "{0}" 1 step counts as done.', title)
      : t('Of "{0}" {1} steps count as done.', title, adopted.length);
  return stopped ? t('{0} It goes on with {1}.', taken, stopped.step) : taken;
}
