import type { Assessment } from '../../../assess/assessment';
import { removedColumn } from '../../../assess/change';
import { partsOf } from '../../../assess/several-changes';
import type { ChecklistDocument, ChecklistLine } from '../../../documents/checklist-document';
import { checklistSections } from '../../../documents/checklist-sections';
import type { Thresholds } from '../../../documents/thresholds';
import { t } from '../../../messages/translate';
import { phaseOf, stepsOf, type GateKind, type Plan, type Step } from '../../../plan/plan';
import { layoutById } from '../../../layouts/layouts';

export interface ChecklistRequest {
  plan: Plan;
  assessment: Assessment;
  roles: readonly string[];
  thresholds: Thresholds;
  /** Lines that are known to be done, by id. */
  ticked: ReadonlySet<string>;
}

/** What checklist.md is filled from. */
export function checklistDocument(request: ChecklistRequest): ChecklistDocument {
  const { plan, assessment, roles, thresholds, ticked } = request;
  const { label, environment } = assessment.database;
  const steps = stepsOf(plan);
  return {
    plan: { id: plan.id, title: plan.title, createdAt: plan.createdAt },
    database: { label, environment },
    tickedFor: encodeURIComponent(label),
    sections: checklistSections(
      {
        withPlan: true,
        withScripts: layoutById(plan.layout.id).historyQuery !== null,
        interface: false,
        removesOld: partsOf(plan.change).some((change) => removedColumn(change) !== null),
        backfill: steps.some((step) => step.kind === 'backfill'),
        flag: steps.some((step) => step.kind === 'deploy'),
        deprecationDays: plan.options.deprecationDays,
        roles,
        thresholds,
      },
      { before: gateLines(plan), during: steps.map((step) => stepLine(step, plan)) },
      ticked,
    ),
  };
}

/** Gates that no general line says already. */
function gateLines(plan: Plan): ChecklistLine[] {
  const gates = new Set(stepsOf(plan).flatMap((step) => step.gates));
  return [...gates].flatMap((gate) => gateLine(gate) ?? []);
}

function gateLine(gate: GateKind): ChecklistLine | null {
  switch (gate) {
    case 'replica-lag':
      return { id: gate, text: t('Replicas keep up.'), evidence: t('pg_stat_replication') };
    case 'long-transactions':
      return { id: gate, text: t('No long transaction is open.'), evidence: t('pg_stat_activity') };
    case 'disk':
      return {
        id: gate,
        text: t('There is room on the disk of the database.'),
        evidence: t('free bytes, against "Disk needed meanwhile" in plan.md, Scope'),
      };
    case 'backup':
    case 'staging-run':
    case 'rehearsal':
    case 'approval':
    case 'deployed':
    case 'quiet-hours':
    case 'soak':
      return null;
  }
}

function stepLine(step: Step, plan: Plan): ChecklistLine {
  const phase = phaseOf(plan, step.id)!.name;
  return {
    id: stepItemId(step.id),
    text: t('Step {0} ({1}): {2}.', step.id, phase, step.title),
    evidence: step.verification
      ? t('verify.sql, {0}: {1}', step.id, step.verification.expectation)
      : t('the date the step before was done'),
  };
}

/** The item of one step. */
export function stepItemId(stepId: string): string {
  return `step.${stepId}`;
}
