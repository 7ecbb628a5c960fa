import { t } from '../../../messages/translate';
import { stepsOf, type GateKind, type Plan, type Step } from '../../../plan/plan';
import { gateTitle } from './step-view';

export interface ChecklistView {
  before: ChecklistItem[];
  during: ChecklistItem[];
  after: ChecklistItem[];
  cleanUp: ChecklistItem[];
}

export interface ChecklistItem {
  text: string;
  /** Where the proof is found. */
  evidence: string;
}

/** What to tick, and where the evidence of each comes from. */
export function checklistView(plan: Plan): ChecklistView {
  const steps = stepsOf(plan);
  const contract = new Set(plan.phases.find((phase) => phase.name === 'contract')?.steps);
  const before = gatesOf(steps.filter((step) => !contract.has(step)));
  const beforeContract = gatesOf([...contract]);
  return {
    before: [
      ...before.map((gate) => ({ text: sentence(gateTitle(gate)), evidence: gateEvidence(gate) })),
      {
        text: t('The numbers under Scope in plan.md are still true.'),
        evidence: t('switchback assess; a table that has grown makes the plan slower'),
      },
      {
        text: t('Everybody who runs jobs or reports on the table has been told.'),
        evidence: t('the message, with its date'),
      },
      { text: t('Alerts for error rate, latency and replica lag are on.'), evidence: t('the dashboard') },
      { text: t('Who decides about a rollback is known and awake.'), evidence: t('the rota') },
    ],
    during: steps.map((step) => ({
      text: t('{0}: {1}', step.id, step.title),
      evidence: step.verification
        ? t('{0} (query {1} in verify.sql)', step.verification.expectation, step.id)
        : t('the date the step before was done'),
    })),
    after: [
      {
        text: t('Every query of verify.sql gives what it should.'),
        evidence: t('report.md, written by Verify'),
      },
      { text: t('Error rate and latency are as before, for two days.'), evidence: t('the dashboard') },
      { text: t('The documentation of the schema has the new shape.'), evidence: t('the commit') },
      {
        text: t('The outcome has been told to everybody who was told of the plan.'),
        evidence: t('the message, with its date'),
      },
    ],
    cleanUp: [
      ...beforeContract.map((gate) => ({
        text: t('Before contract: {0}.', gateTitle(gate)),
        evidence: gateEvidence(gate),
      })),
      { text: t('Code for the old shape is gone.'), evidence: t('a search for the old name finds nothing') },
      { text: t('The contract phase is done.'), evidence: t('state "done" in plan.md') },
      { text: t('Backups taken for the plan have an end date.'), evidence: t('the backup catalogue') },
      { text: t('Looked back: what took longer than planned, and why.'), evidence: t('retrospective.md') },
    ],
  };
}

function gatesOf(steps: readonly Step[]): GateKind[] {
  return [...new Set(steps.flatMap((step) => step.gates))];
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function gateEvidence(gate: GateKind): string {
  switch (gate) {
    case 'backup':
      return t('name and time of the backup, and of the restore that proved it');
    case 'staging-run':
      return t('report.md of the run on staging');
    case 'rehearsal':
      return t('the rehearsal in plan.md, with verdict exact');
    case 'approval':
      return t('the approvals in plan.md, given for the hash of this plan');
    case 'deployed':
      return t('the version each instance reports');
    case 'replica-lag':
      return t('pg_stat_replication');
    case 'quiet-hours':
      return t('the clock and the calendar of the service');
    case 'long-transactions':
      return t('pg_stat_activity');
    case 'disk':
      return t('free space of the data folder, against the need under Scope');
    case 'soak':
      return t('the date the release was everywhere, plus the deprecation window');
  }
}
