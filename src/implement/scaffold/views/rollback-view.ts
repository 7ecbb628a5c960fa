import type { Assessment } from '../../../assess/assessment';
import type { PhaseView } from '../../../documents/plan-document';
import type { RollbackDocument, RollbackPhase } from '../../../documents/rollback-document';
import { signalRows, type Thresholds } from '../../../documents/thresholds';
import { t } from '../../../messages/translate';
import { phaseOf, stepsBeforeNoReturn, stepsOf, type Phase, type Plan, type Step } from '../../../plan/plan';
import { commandPlace, rollbackScript, verifyScript, type CommandPlace } from './rollback-commands';
import { rollbackTiers } from './rollback-tiers';
import { phaseTitle } from '../../../documents/phase-title';

export interface RollbackRequest {
  plan: Plan;
  assessment: Assessment;
  phases: readonly PhaseView[];
  /** Relative to the workspace, with `/`. */
  plansFolder: string;
  roles: readonly string[];
  thresholds: Thresholds;
}

/** What rollback.md is filled from. */
export function rollbackDocument(request: RollbackRequest): RollbackDocument {
  const { plan, assessment, phases, plansFolder, roles, thresholds } = request;
  const { label, environment } = assessment.database;
  const place = commandPlace(plan, assessment, plansFolder);
  return {
    plan: { id: plan.id, title: plan.title, createdAt: plan.createdAt },
    database: { label, environment },
    contacts: [
      { what: t('Who decides'), answer: roles.join(', ') },
      {
        what: t('To have ready'),
        answer: t(
          'scripts/env/{0}.env in the folder of the plan, made as scripts/README.md says; every script below reads it',
          environment,
        ),
      },
    ],
    signals: signalRows(thresholds, plan.options.lockTimeoutMilliseconds),
    strategies: plan.phases.flatMap((phase) => strategiesOf(phase, plan)),
    noReturn: noReturn(plan),
    tiers: rollbackTiers(plan, place, t('the database {0}', label)),
    phases: plan.phases
      .filter((phase) => phase.steps.length > 0)
      .map((phase) =>
        rollbackPhase(
          phase,
          plan,
          phases.find((view) => view.name === phase.name)!,
          place,
        ),
      )
      .reverse(),
  };
}

function noReturn(plan: Plan): RollbackDocument['noReturn'] {
  const { pointOfNoReturn } = plan;
  if (pointOfNoReturn === null)
    return {
      milestone: t('There is none.'),
      why: t('No step of this plan takes away a value or a rule that its rollback does not bring back.'),
      after: allTakenBack(stepsOf(plan).length),
    };
  const title = stepsOf(plan).find((step) => step.id === pointOfNoReturn.step)?.title ?? pointOfNoReturn.step;
  return {
    milestone: t('Step {0}, "{1}".', pointOfNoReturn.step, title),
    why: pointOfNoReturn.why,
    after: takenBackBefore(stepsBeforeNoReturn(plan).length),
  };
}

function allTakenBack(steps: number): string {
  return steps === 1
    ? t('The one step can be taken back by the standard rollback.')
    : t('Each of the {0} steps can be taken back by the standard rollback.', steps);
}

function takenBackBefore(steps: number): string {
  return steps === 1
    ? t(
        'The one step before it can be taken back by the standard rollback. From this step on, only the full rollback is left.',
      )
    : t(
        'Each of the {0} steps before it can be taken back by the standard rollback. From this step on, only the full rollback is left.',
        steps,
      );
}

/** Script, backup restore, feature flag or traffic reroute: what takes back the parts of a phase, and why. */
function strategiesOf(phase: Phase, plan: Plan): RollbackDocument['strategies'] {
  const title = phaseTitle(phase.name);
  const rows: RollbackDocument['strategies'] = [];
  const { pointOfNoReturn } = plan;
  const lost =
    pointOfNoReturn !== null && phaseOf(plan, pointOfNoReturn.step)?.name === phase.name
      ? pointOfNoReturn
      : null;
  const at = phase.steps.findIndex((step) => step.id === lost?.step);
  const before = lost ? phase.steps.slice(0, at) : phase.steps;
  if (before.some(isSql)) {
    rows.push({
      phase: lost ? t('{0}, before step {1}', title, lost.step) : t('{0}, in the database', title),
      strategy: t('Script'),
      why: scriptWhy(phase),
    });
  }
  if (before.some((step) => step.kind === 'deploy')) {
    rows.push({
      phase: t('{0}, in the application', title),
      strategy: t('Feature flag; without one, traffic reroute'),
      why: t(
        'A flag is off in seconds. Without a flag, traffic goes back to instances of the previous release. The schema works with both releases, so nothing else has to change.',
      ),
    });
  }
  if (lost) {
    rows.push({
      phase: t('{0}, from step {1} on', title, lost.step),
      strategy: t('Backup restore'),
      why: t('No script brings the values back. {0}', lost.why),
    });
  }
  return rows;
}

function isSql(step: Step): boolean {
  return (
    step.kind === 'migration' ||
    step.kind === 'concurrent' ||
    step.kind === 'vacuum' ||
    step.kind === 'backfill'
  );
}

function scriptWhy({ name }: Phase): string {
  switch (name) {
    case 'expand':
      return t('Its rollback takes back what this phase added or set; no existing value is touched.');
    case 'migrate':
      return t('The old values are all still there, so nothing has to be restored.');
    case 'contract':
      return t('No value is gone yet, and what these steps took away their rollback brings back.');
  }
}

function rollbackPhase(phase: Phase, plan: Plan, view: PhaseView, place: CommandPlace): RollbackPhase {
  const runnable = phase.steps.some((step) => isSql(step) && step.id !== plan.pointOfNoReturn?.step);
  const lost = phase.steps.some((step) => step.id === plan.pointOfNoReturn?.step);
  const last = lastBefore(phase, plan);
  return {
    title: phaseTitle(phase.name),
    steps: [...view.steps].reverse(),
    commands: runnable ? rollbackScript(place, { phase: phase.name }).join('\n') : null,
    withoutCommands: runnable
      ? null
      : phase.steps.some(isSql)
        ? t('No script takes this phase back: use the full rollback.')
        : t('There is nothing to run.'),
    verification: runnable || !lost ? verificationOf(phase, last) : [t('As the full rollback says, above.')],
    verify: runnable || !lost ? verifyScript(place, last?.id ?? null) : null,
  };
}

/** The last step of the phases before that leaves a proof. */
function lastBefore(phase: Phase, plan: Plan): Step | null {
  const first = phase.steps[0]?.id;
  const steps = stepsOf(plan);
  const before = steps.slice(
    0,
    steps.findIndex((step) => step.id === first),
  );
  return before.filter((step) => step.verification !== null).at(-1) ?? null;
}

function verificationOf(phase: Phase, last: Step | null): string[] {
  const undone = phase.steps.filter((step) => 'rollback' in step && step.rollback.kind === 'sql');
  const proven = undone.filter((step) => step.verification !== null).map((step) => step.id);
  return [
    ...(proven.length > 0
      ? [t('No longer true are the proofs of what was taken back: {0}.', proven.reverse().join(', '))]
      : []),
    last === null
      ? t('The schema is what it was before the plan.')
      : t('Still true is the proof of step {0}: {1}', last.id, last.verification!.expectation),
  ];
}
