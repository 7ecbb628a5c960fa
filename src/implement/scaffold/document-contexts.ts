import type { Assessment } from '../../assess/assessment';
import { t } from '../../messages/translate';
import { stepsOf, type Plan, type Strategy } from '../../plan/plan';
import { planTimeline } from '../../plan/timeline';
import type { Approval } from './plan-file-schema';
import { checklistView } from './views/checklist-view';
import { rollbackCriteria, successCriteria, thresholds } from './views/criteria-view';
import { riskViews } from './views/risk-view';
import { runbookView } from './views/runbook-view';
import { levelText, scopeView } from './views/scope-view';
import { phaseViews } from './views/step-view';
import { verifyQueries } from './views/verify-view';

export interface DocumentRequest {
  plan: Plan;
  assessment: Assessment;
  approvals: readonly Approval[];
  /** Relative to the workspace, with `/`. */
  plansFolder: string;
  /** What a person has to look at, in sentences. */
  notes: readonly string[];
}

/** What plan.md, rollback.md, checklist.md and verify.sql are filled from: plain values, nothing escaped. */
export function documentContext(request: DocumentRequest): object {
  const { plan, assessment, approvals, plansFolder, notes } = request;
  const phases = phaseViews(plan);
  const steps = phases.flatMap((phase) => phase.steps);
  return {
    plan: {
      id: plan.id,
      title: plan.title,
      createdAt: plan.createdAt,
      layoutFolder: plan.layout.folder,
      options: plan.options,
    },
    database: assessment.database,
    assessedAt: assessment.takenAt,
    scope: scopeView(assessment),
    summary: summaryOf(plan, assessment),
    notes,
    strategies: strategies(plan.strategy),
    phases,
    phasesReversed: [...phases].reverse(),
    steps,
    timeline: planTimeline(plan),
    riskLevel: levelText(assessment.risk.level),
    risks: riskViews(plan, assessment),
    successCriteria: successCriteria(plan),
    rollbackCriteria: rollbackCriteria(plan),
    thresholds: thresholds(plan),
    approvals: approvalRows(approvals),
    runbook: runbookView(plan, plansFolder, assessment.database.label),
    checklist: checklistView(plan),
    queries: verifyQueries(plan),
  };
}

function summaryOf(plan: Plan, assessment: Assessment): string[] {
  const steps = stepsOf(plan);
  const files = steps.filter((step) => step.kind === 'migration' || step.kind === 'concurrent').length;
  const days = planTimeline(plan).reduce((sum, row) => sum + row.days, 0);
  return [
    t(
      'The change is made in three phases of {0} steps in all, {1} of them migration files in {2}, while the application goes on running.',
      steps.length,
      files,
      plan.layout.folder,
    ),
    t(
      'It takes about {0} days from today to the last step, {1} of them the deprecation window. Its risk on this database is {2}.',
      days,
      plan.options.deprecationDays,
      levelText(assessment.risk.level),
    ),
    t('Until step {0} everything can be taken back without losing data.', plan.pointOfNoReturn.step),
  ];
}

function strategies(strategy: Strategy): { chosen: boolean; title: string; why: string }[] {
  const chosen = { chosen: true, title: strategyTitle(strategy.kind), why: strategy.why };
  const others = strategy.alternatives.map(({ kind, why }) => ({
    chosen: false,
    title: strategyTitle(kind),
    why,
  }));
  return [chosen, ...others];
}

function strategyTitle(kind: Strategy['kind']): string {
  switch (kind) {
    case 'big-bang':
      return t('All at once');
    case 'incremental':
      return t('Incremental, in phases');
    case 'blue-green':
      return t('Blue-green, two systems side by side');
    case 'strangler-fig':
      return t('Strangler fig, piece by piece');
  }
}

interface ApprovalRow {
  role: string;
  by: string;
  at: string;
}

function approvalRows(approvals: readonly Approval[]): ApprovalRow[] {
  const given = approvals.map(({ role, by, at }) => ({ role, by, at }));
  const roles = [t('Technical lead'), t('Product owner'), t('Operations')];
  const open = roles
    .filter((role) => !approvals.some((approval) => approval.role.toLowerCase() === role.toLowerCase()))
    .map((role) => ({ role, by: t('not yet'), at: t('not yet') }));
  return [...given, ...open];
}
