import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { gateKinds, phaseNames, type PhaseName, type PlanProgress } from '../../plan/plan';
import { optionalChoice, optionalText } from '../option-values';
import { readTarget, runRequest } from '../run-options';
import { planText } from '../text/plan';
import { appliedLine, marked, severalDone } from '../text/migration-outcome';
import type { Verb, VerbCall, VerbResult } from '../verb';

export const applyVerb: Verb = {
  name: 'apply',
  summary: 'Applies a migration file as its tool would, or the next step (or a whole phase) of a plan.',
  usage:
    'PLAN | FILE [--to-here | --mark]\nPLAN [--phase expand|migrate|contract] [--release PHASE] [--confirm-deploy STEP] [--confirm-gate GATE --reason TEXT [--role ROLE]] [--waive GATE --reason TEXT] [--shorten-wait STEP]',
  options: {
    'to-here': {
      type: 'boolean',
      help: t('all that is pending up to this migration, each as its tool does'),
    },
    mark: { type: 'boolean', help: t('only records it as applied, for what was done by hand') },
    phase: {
      type: 'string',
      value: phaseNames.join('|'),
      help: t('all steps of a phase; one step unless said'),
    },
    release: {
      type: 'string',
      value: 'PHASE',
      help: t('first moves the held migrations of a phase into the migrations folder'),
    },
    'confirm-deploy': {
      type: 'string',
      value: 'STEP',
      help: t('that the release which this step asks for is deployed'),
    },
    'confirm-gate': {
      type: 'string',
      value: 'GATE',
      help: t('that a gate holds: {0}', gateKinds.join(', ')),
    },
    waive: { type: 'string', value: 'GATE', help: t('goes on without a gate, under your name') },
    reason: { type: 'string', value: 'TEXT', help: t('why, for --confirm-gate and --waive') },
    role: {
      type: 'string',
      value: 'ROLE',
      help: t('in which role you approve, for --confirm-gate approval'),
    },
    'shorten-wait': {
      type: 'string',
      value: 'STEP',
      help: t('ends a wait early, on a development database'),
    },
  },
  async run(call) {
    const target = await readTarget(call);
    if (target.kind === 'plan') return applyPlan(call, target.folder);
    if (call.values.mark === true) {
      const { markMigration } = await import('../../journey/apply-file');
      return marked(await markMigration(call.context, await call.database(), target.file, 'applied'));
    }
    const { applyFile, applyUpTo } = await import('../../journey/apply-several');
    if (call.values['to-here'] === true)
      return severalDone(await applyUpTo(call.context, await call.database(), target.file), appliedLine);
    const outcome = await applyFile(call.context, await call.database(), target.file);
    if (Array.isArray(outcome)) return severalDone(outcome, appliedLine);
    return {
      exitCode: 0,
      json: outcome,
      text: appliedLine(outcome),
    };
  },
};

async function applyPlan(call: VerbCall, planFolder: string): Promise<VerbResult> {
  const { context, values } = call;
  const deploy = optionalText(values, 'confirm-deploy');
  const wait = optionalText(values, 'shorten-wait');
  const confirmed = optionalChoice(values, 'confirm-gate', gateKinds);
  const waived = optionalChoice(values, 'waive', gateKinds);
  const release = optionalChoice(values, 'release', phaseNames);
  const role = optionalText(values, 'role');
  if (role !== null && confirmed !== 'approval') {
    throw new SwitchbackError('usage', t('--role goes with --confirm-gate approval.'));
  }
  const database = await call.database();
  if (release !== null) {
    const { releasePhase } = await import('../../journey/scaffold');
    await releasePhase(context, database, planFolder, release);
  }
  const { confirmDeploy, confirmGate, shortenWait, waiveGate } = await import('../../journey/confirm');
  const reason = optionalText(values, 'reason') ?? '';
  if (confirmed !== null)
    return planResult(
      call,
      planFolder,
      await confirmGate(context, database, planFolder, confirmed, reason, role),
    );
  if (waived !== null)
    return planResult(call, planFolder, await waiveGate(context, database, planFolder, waived, reason));
  if (deploy !== null)
    return planResult(call, planFolder, await confirmDeploy(context, database, planFolder, deploy));
  if (wait !== null)
    return planResult(call, planFolder, await shortenWait(context, database, planFolder, wait));
  const phase: PhaseName | null = optionalChoice(values, 'phase', phaseNames);
  const run = await runRequest(call, planFolder);
  const { applyNextStep, applyPhase } = await import('../../journey/apply');
  const progress = phase === null ? await applyNextStep(context, run) : await applyPhase(context, run, phase);
  return planResult(call, planFolder, progress);
}

/** The answer of every verb that moves a plan: its progress; no when a step failed. */
export async function planResult(
  call: VerbCall,
  planFolder: string,
  progress: PlanProgress,
): Promise<VerbResult> {
  const { planStanding } = await import('../../journey/progress');
  const standing = await planStanding(call.context, await call.database(), planFolder);
  return {
    exitCode: progress.steps.some((step) => step.state === 'failed') ? 1 : 0,
    json: {
      progress,
      next: standing.next?.id ?? null,
      gates: standing.gates,
      needsRelease: standing.needsRelease,
    },
    text: planText(standing.plan, [], progress),
  };
}
