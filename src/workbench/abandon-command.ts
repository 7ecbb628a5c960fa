import * as vscode from 'vscode';
import { createRunControl } from '../implement/run-control';
import type { RunEvent } from '../implement/run-event';
import type { AbandonedPlan } from '../journey/abandon';
import { t } from '../messages/translate';
import { commandIds } from './ids';
import { requireTrust } from './journey-context';
import { aboutFile } from './migration-commands';
import { registerCommand } from './register-command';
import type { Services } from './services';
import { pickPlan } from './targets';
import type { WizardPanels } from './wizard/wizard-panels';

/** Abandon Plan…: what was done is rolled back, and what only the plan needs goes. */
export function registerAbandonCommand(services: Services, wizards: WizardPanels): vscode.Disposable {
  return registerCommand(commandIds.abandonPlan, services.log, async (argument) => {
    requireTrust();
    const plan = await pickPlan(services, argument);
    if (!plan) return;
    const { abandonPlan } = await import('../journey/abandon');
    const abandoned = await aboutFile(services, t('Abandoning the plan'), plan.folder, (context) => {
      const onEvent = (event: RunEvent): void => {
        if (event.kind === 'step' || event.kind === 'note') services.log.info(event.message);
      };
      const request = { planFolder: plan.folder, onEvent, control: createRunControl() };
      return services.database.current === null
        ? abandonPlan(context, { ...request, database: null })
        : services.database.exclusive((database) => abandonPlan(context, { ...request, database }));
    });
    await Promise.all([services.model.reload(), wizards.refreshPlan(plan.folder)]);
    void vscode.window.showInformationMessage(abandonedText(plan.title, abandoned));
  });
}

function abandonedText(title: string, { released }: AbandonedPlan): string {
  if (released.length === 0) return t('"{0}" is abandoned.', title);
  return t(
    '"{0}" is abandoned. Its migration files stay and are pending; remove them, or your tool runs them: {1}.',
    title,
    released.map((file) => file.split('/').at(-1)).join(', '),
  );
}
