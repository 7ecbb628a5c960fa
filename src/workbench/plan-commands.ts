import type * as vscode from 'vscode';
import type { SingleChange } from '../assess/change';
import { fileOfAddress } from '../layouts/migration-address';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { PageRequest } from '../protocol/messages';
import type { StationId } from '../protocol/wizard-state';
import { connect } from './connection-commands';
import { draftFor, isDatabaseNode } from './database-tree';
import { commandIds } from './ids';
import { requireTrust } from './journey-context';
import { applyFile, dryRunFile, forecastFile, rehearseFile, rollBackFile } from './migration-commands';
import { planFromSchema } from './plan-from-schema';
import { planThisSafely } from './plan-this-safely';
import { confirm } from './prompt';
import { registerCommand } from './register-command';
import type { Services } from './services';
import { statementTarget } from './statement-target';
import { pickMigration, pickPlan, targetOf } from './targets';
import { phaseTitle } from '../documents/phase-title';
import type { WizardPanels } from './wizard/wizard-panels';

/** Everything that is done to plans and migrations, as commands. Those of a plan run in its wizard. */
export function registerPlanCommands(services: Services, wizards: WizardPanels): vscode.Disposable[] {
  const { log } = services;
  const inWizard = (request: PageRequest, station: StationId) => (argument: unknown) =>
    requestInWizard(services, wizards, argument, request, station);
  const either =
    (onFile: (services: Services, file: string) => Promise<void>, request: PageRequest, station: StationId) =>
    async (argument: unknown): Promise<void> => {
      requireTrust();
      const target = targetOf(services, argument);
      if (target?.kind === 'migration') return onFile(services, target.file);
      return requestInWizard(services, wizards, argument, request, station);
    };
  return [
    registerCommand(commandIds.planChange, log, (argument) => planChange(wizards, argument)),
    registerCommand(commandIds.renameColumn, log, () => planNatively(services, wizards, 'rename-column')),
    registerCommand(commandIds.addRequiredColumn, log, () =>
      planNatively(services, wizards, 'add-required-column'),
    ),
    registerCommand(commandIds.openPlan, log, (argument) => openPlan(services, wizards, argument)),
    registerCommand(commandIds.resumePlan, log, (argument) => openPlan(services, wizards, argument)),
    registerCommand(commandIds.scaffold, log, (argument) => scaffold(services, wizards, argument)),
    registerCommand(commandIds.dryRun, log, either(dryRunFile, { kind: 'dry-run' }, 'implement')),
    registerCommand(commandIds.apply, log, either(applyFile, { kind: 'apply-phase' }, 'implement')),
    registerCommand(commandIds.applyNextStep, log, inWizard({ kind: 'apply-next' }, 'implement')),
    registerCommand(commandIds.rollBack, log, either(rollBackFile, { kind: 'roll-back' }, 'implement')),
    registerCommand(commandIds.runBackfill, log, inWizard({ kind: 'resume' }, 'implement')),
    registerCommand(commandIds.pauseBackfill, log, () => wizards.broadcast({ kind: 'pause' })),
    registerCommand(commandIds.resumeBackfill, log, inWizard({ kind: 'resume' }, 'implement')),
    registerCommand(commandIds.cancelBackfill, log, () => wizards.broadcast({ kind: 'cancel' })),
    registerCommand(commandIds.rehearse, log, either(rehearseFile, { kind: 'rehearse' }, 'verify')),
    registerCommand(commandIds.verify, log, inWizard({ kind: 'verify' }, 'verify')),
    registerCommand(commandIds.releasePhase, log, (argument) => releasePhase(services, wizards, argument)),
    registerCommand(commandIds.forecast, log, async (argument) => {
      const target = statementTarget(argument);
      const file = target?.file ?? (await pickMigration(services, argument));
      if (file !== null) await forecastFile(services, fileOfAddress(file), target?.statement);
    }),
    registerCommand(commandIds.planThisSafely, log, (argument) =>
      planThisSafely(services, wizards, argument),
    ),
    registerCommand(commandIds.planFromSchema, log, (argument) =>
      planFromSchema(services, wizards, argument),
    ),
    registerCommand(commandIds.refresh, log, async () => {
      services.lint.forgetCatalog();
      await services.model.reload();
      await wizards.active()?.handle({ kind: 'refresh' });
    }),
    registerCommand(commandIds.showLog, log, () => log.show()),
  ];
}

/** Opens the wizard, with what was picked in the tree of the connection. */
async function planChange(wizards: WizardPanels, argument: unknown): Promise<void> {
  if (!isDatabaseNode(argument)) return void (await wizards.openDraft());
  const session = await wizards.openDraft(draftFor(argument));
  await session.handle({ kind: 'refresh' });
}

/** Asks with native questions, then goes on in the wizard with the assessment. */
async function planNatively(
  services: Services,
  wizards: WizardPanels,
  kind: SingleChange['kind'],
): Promise<void> {
  requireTrust();
  if (!services.database.current) await connect(services);
  if (!services.database.current) return;
  const { askChange } = await import('./change-steps');
  const draft = await askChange(services, kind);
  const session = await wizards.openDraft(draft);
  await session.handle({ kind: 'refresh' });
  await session.handle({ kind: 'assess' });
}

async function openPlan(services: Services, wizards: WizardPanels, argument: unknown): Promise<void> {
  const plan = await pickPlan(services, argument);
  if (plan)
    await wizards.openPlan(
      plan.folder,
      plan.state === 'draft' || plan.state === 'ready' ? 'plan' : 'implement',
    );
}

/** Writes the plan of the open wizard; a plan that is on disk is written again from its wizard. */
async function scaffold(services: Services, wizards: WizardPanels, argument: unknown): Promise<void> {
  const active = wizards.active();
  if (active && argument === undefined) return active.handle({ kind: 'scaffold' });
  return requestInWizard(services, wizards, argument, { kind: 'scaffold' }, 'plan');
}

async function requestInWizard(
  services: Services,
  wizards: WizardPanels,
  argument: unknown,
  request: PageRequest,
  station: StationId,
): Promise<void> {
  requireTrust();
  const plan = await pickPlan(services, argument);
  if (!plan) return;
  const session = await wizards.openPlan(plan.folder, station);
  await session.handle({ kind: 'refresh' });
  await session.handle({ kind: 'go', station });
  await session.handle(request);
}

async function releasePhase(services: Services, wizards: WizardPanels, argument: unknown): Promise<void> {
  requireTrust();
  const plan = await pickPlan(services, argument);
  if (!plan) return;
  const session = await wizards.openPlan(plan.folder, 'implement');
  await session.handle({ kind: 'refresh' });
  const phase = session.model.standing?.needsRelease;
  if (!phase) {
    throw new SwitchbackError(
      'already-done',
      t('No phase of "{0}" waits to be released. Apply its next step.', plan.title),
    );
  }
  const agreed = await confirm(
    t('Release the phase {0} of "{1}"?', phaseTitle(phase), plan.title),
    t('Its migration files are written to your migrations folder with the next free versions.'),
    t('Release'),
  );
  if (agreed) await session.handle({ kind: 'release-phase', phase });
}
