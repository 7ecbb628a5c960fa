import type { Assessment } from '../../assess/assessment';
import type { Prerequisite } from '../../assess/prerequisites';
import { approvalsRegion, defaultApprovalRoles } from '../../documents/approvals';
import type { ChecklistDocument } from '../../documents/checklist-document';
import { levelText } from '../../documents/migration-types';
import type { PhaseView, PlanDocument } from '../../documents/plan-document';
import { scriptsFolder } from '../../documents/plan-folder';
import { prerequisitesRegion } from '../../documents/prerequisites-region';
import type { RollbackDocument } from '../../documents/rollback-document';
import { deprecationDates, rolloutStages } from '../../documents/rollout-stages';
import { noScopeAnswers, type ScopeAnswers } from '../../documents/scope-answers';
import { strategyTitle } from '../../documents/strategy-text';
import { defaultThresholds, rollbackCriteria, signalRows, type Thresholds } from '../../documents/thresholds';
import { t } from '../../messages/translate';
import { stepsOf, type Evidence, type Plan, type StepProgress, type Strategy } from '../../plan/plan';
import { proposeStrategy } from '../../plan/strategy';
import { planTimeline } from '../../plan/timeline';
import { knownTicks } from './checklist-ticks';
import { givenApprovals } from './given-approvals';
import type { Approval } from './plan-file-schema';
import { currentState, targetState } from './views/change-state-view';
import { checklistDocument } from './views/checklist-view';
import { successCriteria } from './views/criteria-view';
import { prerequisiteLines } from './views/prerequisite-lines';
import { riskViews } from './views/risk-view';
import { rollbackDocument } from './views/rollback-view';
import { researchSection } from './views/research-view';
import { scopeSection } from './views/scope-view';
import { phaseViews } from './views/step-view';
import { wordsOf } from './views/words-view';
import { verifyDocument, type VerifyDocument } from './views/verify-view';

export interface DocumentRequest {
  plan: Plan;
  assessment: Assessment;
  approvals: readonly Approval[];
  /** Relative to the workspace, with `/`. */
  plansFolder: string;
  /** What a person has to look at, in sentences. */
  notes: readonly string[];
  /** What people said of the scope. */
  scope?: ScopeAnswers;
  prerequisites?: readonly Prerequisite[];
  settings?: DocumentSettings;
  /** What is on record already; nothing for a plan that is new. */
  record?: { approvedHash: string; evidence: readonly Evidence[]; steps: readonly StepProgress[] };
}

/** What a workspace decides of its documents. */
export interface DocumentSettings {
  approvalRoles: readonly string[];
  thresholds: Thresholds;
}

export const defaultDocumentSettings: DocumentSettings = {
  approvalRoles: defaultApprovalRoles,
  thresholds: defaultThresholds,
};

/** What the four documents of a plan folder are filled from, by template: plain values. */
export interface DocumentContexts {
  'plan.md': PlanDocument;
  'rollback.md': RollbackDocument;
  'checklist.md': ChecklistDocument;
  'verify.sql': VerifyDocument & Pick<PlanDocument, 'plan' | 'database'>;
}

/** What plan.md, rollback.md, checklist.md and verify.sql are filled from. */
export function documentContexts(request: DocumentRequest): DocumentContexts {
  const {
    plan,
    assessment,

    plansFolder,
    prerequisites = [],
    settings = defaultDocumentSettings,
  } = request;
  const { approvalRoles: roles, thresholds } = settings;
  const phases = phaseViews(plan);
  const document = planDocument(request, settings, phases);
  const given = approvalsOf(request, roles);
  const ticked = knownTicks({
    plan,
    approvals: given,
    prerequisites,
    approvedHash: request.record?.approvedHash ?? null,
    evidence: (request.record?.evidence ?? []).filter((item) => item.database === assessment.database.label),
    steps: request.record?.steps ?? [],
  });
  return {
    'plan.md': document,
    'rollback.md': rollbackDocument({ plan, assessment, phases, plansFolder, roles, thresholds }),
    'checklist.md': checklistDocument({ plan, assessment, roles, thresholds, ticked }),
    'verify.sql': { ...verifyDocument(plan, assessment), plan: document.plan, database: document.database },
  };
}

/** Before there is a record, what the front matter has counts as given for the plan as it is. */
function approvalsOf(
  { approvals, record }: DocumentRequest,
  roles: readonly string[],
): ReturnType<typeof givenApprovals> {
  const approvedHash = record?.approvedHash ?? approvals[0]?.hash ?? null;
  return givenApprovals({ approvals, evidence: record?.evidence ?? [], roles, approvedHash });
}

function planDocument(
  request: DocumentRequest,
  settings: DocumentSettings,
  phases: PhaseView[],
): PlanDocument {
  const { plan, assessment, notes, scope = noScopeAnswers, prerequisites = [] } = request;
  const { migrationType } = assessment;
  const lines = prerequisiteLines(prerequisites);
  const signals = signalRows(settings.thresholds, plan.options.lockTimeoutMilliseconds);
  return {
    plan: { id: plan.id, title: plan.title, createdAt: plan.createdAt },
    database: { label: assessment.database.label, environment: assessment.database.environment },
    companions: [
      { file: 'rollback.md', what: t('how to go back, for whoever is on call') },
      { file: 'checklist.md', what: t('what to tick, and where its evidence is') },
      { file: 'verify.sql', what: t('the queries that prove each step') },
      { file: `${scriptsFolder}/README.md`, what: t('how to run all of it with bash and psql') },
    ],
    summary: summaryOf(plan, assessment),
    type: {
      title: migrationType.title,
      complexity: levelText(migrationType.complexity),
      risk: levelText(migrationType.risk),
      duration: migrationType.duration,
      why: migrationType.why,
    },
    notes: [...notes],
    current: currentState(assessment),
    target: targetState(assessment),
    scope: scopeSection(plan, assessment, scope),
    research: researchSection(assessment),
    prerequisites: lines,
    prerequisitesRegion: prerequisitesRegion(lines),
    strategies: strategies(plan.strategy, assessment),
    phases,
    steps: phases.flatMap((phase) => phase.steps),
    ...schedule(plan),
    riskLevel: levelText(assessment.risk.level),
    risks: riskViews(plan, assessment),
    successCriteria: successCriteria(plan),
    rollbackCriteria: rollbackCriteria(signals),
    words: wordsOf(plan),
    approvalsRegion: approvalsRegion(settings.approvalRoles, approvalsOf(request, settings.approvalRoles)),
  };
}

/** The rows of the timeline, the stages of a release, and the dates on which an old shape goes. */
export function schedule(plan: Plan): Pick<PlanDocument, 'timeline' | 'rollout' | 'deprecation'> {
  const timeline = planTimeline(plan);
  const canary = timeline.find((row) => row.id === 'canary')!;
  const cleanUp = timeline.find((row) => row.id === 'clean-up')!;
  const releases = stepsOf(plan).some((step) => step.kind === 'deploy');
  return {
    timeline,
    rollout: releases ? rolloutStages(canary.end) : null,
    deprecation: waitDays(plan) > 0 ? deprecationDates(cleanUp.start, plan.options.deprecationDays) : [],
  };
}

/** How long it waits in all; a plan that does not wait takes nothing old out of use. */
function waitDays(plan: Plan): number {
  return stepsOf(plan).reduce((days, step) => days + (step.kind === 'wait' ? step.days : 0), 0);
}

function summaryOf(plan: Plan, assessment: Assessment): string[] {
  const steps = stepsOf(plan);
  const files = steps.filter((step) => step.kind === 'migration' || step.kind === 'concurrent').length;
  const waiting = waitDays(plan);
  const days = planTimeline(plan).reduce((sum, row) => sum + row.days, 0);
  return [
    plan.options.strategy === 'big-bang'
      ? t('The change is made in one release, during which the application stands still.')
      : t('The change is made step by step while the application goes on running.'),
    steps.length === 1
      ? t('It is one step: {0}.', steps[0]!.title)
      : files === 1
        ? t(
            'There are three phases: expand adds the new beside the old, migrate moves data and application over, contract removes the old. They have {0} steps in all; 1 of them is a migration file in the folder {1}.',
            steps.length,
            plan.layout.folder,
          )
        : t(
            'There are three phases: expand adds the new beside the old, migrate moves data and application over, contract removes the old. They have {0} steps in all; {1} of them are migration files in the folder {2}.',
            steps.length,
            files,
            plan.layout.folder,
          ),
    waiting === 0
      ? t(
          'From the first day to the last it takes about {0} days. The risk on this database is {1}.',
          days,
          levelText(assessment.risk.level),
        )
      : t(
          'From the first day to the last it takes about {0} days, {1} of them waiting before the old goes. The risk on this database is {2}.',
          days,
          waiting,
          levelText(assessment.risk.level),
        ),
    plan.pointOfNoReturn === null
      ? t('Every step can be taken back without losing data.')
      : t('Until step {0} everything can be taken back without losing data.', plan.pointOfNoReturn.step),
  ];
}

/** The chosen one first; where another would be proposed, that one says so. */
function strategies(strategy: Strategy, assessment: Assessment): PlanDocument['strategies'] {
  const proposed = proposeStrategy(assessment).kind;
  const word = (kind: Strategy['kind'], why: string): string =>
    kind === proposed ? t('Proposed here. {0}', why) : why;
  return [
    { chosen: true, title: strategyTitle(strategy.kind), why: word(strategy.kind, strategy.why) },
    ...strategy.alternatives.map(({ kind, why }) => ({
      chosen: false,
      title: strategyTitle(kind),
      why: word(kind, why),
    })),
  ];
}
