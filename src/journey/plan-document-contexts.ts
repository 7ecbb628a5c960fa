import path from 'node:path';
import type { ScopeAnswers } from '../documents/scope-answers';
import { phaseTitle } from '../documents/phase-title';
import { heldFile, planFiles } from '../documents/plan-folder';
import { changelogHeadings } from '../documents/rollout/changelog-headings';
import type { CalendarEvent, PlanCalendar } from '../documents/rollout/calendar';
import { deprecationLabels } from '../documents/rollout/deprecation-labels';
import type { RolloutPhaseName } from '../documents/rollout/document-names';
import { evidenceRegion, type EvidenceLine } from '../documents/rollout/evidence-region';
import { phaseAfter, phaseWindows, windowView, type DayWindow } from '../documents/rollout/phase-windows';
import type {
  AnnouncementDocument,
  ChangelogDocument,
  DeprecationDate,
  LintVerdict,
  NoReturnStep,
  PullRequestDocument,
  RolloutHead,
  RolloutPhase,
  RolloutScope,
  TicketDocument,
} from '../documents/rollout/rollout-document';
import { statusRegion, type PhaseStanding } from '../documents/rollout/phase-standing';
import { strategyTitle } from '../documents/strategy-text';
import { schedule } from '../implement/scaffold/document-contexts';
import type { EnvironmentRecord, Release } from '../implement/scaffold/plan-file';
import { phaseViews } from '../implement/scaffold/views/step-view';
import { t } from '../messages/translate';
import { phaseOf, stepsOf, type Phase, type Plan, type PlanState, type Step } from '../plan/plan';
import { planTimeline } from '../plan/timeline';
import { lockName } from '../safety/forecast/describe-forecast';

/** What the documents around a plan are made from. */
export interface PlanDocumentFacts {
  plan: Plan;
  state: PlanState;
  /** Relative to the workspace, with `/`. */
  folder: string;
  scope: ScopeAnswers & { deadline: string | null };
  releases: readonly Release[];
  environments: Readonly<Record<string, EnvironmentRecord>>;
  evidence: readonly EvidenceLine[];
  /** What plan.md says under "Risks", as Markdown. */
  risks: string;
}

/** What a phase's ticket is filled from. */
export function ticketDocument(facts: PlanDocumentFacts, name: RolloutPhaseName): TicketDocument {
  return {
    plan: headOf(facts),
    phase: phaseFacts(facts.plan, name),
    scope: scopeOf(facts.scope),
    statusRegion: phaseStatus(facts, name, true),
  };
}

/** What a phase's announcements are filled from. */
export function announcementDocument(facts: PlanDocumentFacts, name: RolloutPhaseName): AnnouncementDocument {
  const { plan } = facts;
  return {
    ...ticketDocument(facts, name),
    statusRegion: phaseStatus(facts, name, false),
    standstill: plan.options.strategy === 'big-bang',
    deprecation: name === 'expand' ? [] : deprecationOf(plan),
  };
}

/** Where a phase stands on each database the plan has run on, as a region. */
export function phaseStatus(
  { plan, environments }: Pick<PlanDocumentFacts, 'plan' | 'environments'>,
  name: RolloutPhaseName,
  withSteps: boolean,
): string {
  const steps = phaseNamed(plan, name)?.steps ?? [];
  const standings = Object.entries(environments).map(([database, { steps: records }]): PhaseStanding => ({
    database,
    steps: steps.map(({ id, title }) => ({
      title,
      record: records.find((record) => record.id === id) ?? null,
    })),
  }));
  return statusRegion(standings, withSteps);
}

/** What the description of a pull request is filled from. */
export function pullRequestDocument(facts: PlanDocumentFacts, lint: LintVerdict): PullRequestDocument {
  const { plan, evidence, risks } = facts;
  const steps = stepsOf(plan);
  return {
    plan: headOf(facts),
    summary: summaryOf(plan),
    phases: phasesWithSteps(plan).map((name) => ({ name, ...phaseFacts(plan, name) })),
    forecasts: steps.flatMap((step, index) => forecastOf(step, index + 1)),
    lint,
    risks,
    deprecation: deprecationOf(plan),
    evidenceRegion: evidenceRegion(evidence),
    noReturn: noReturnOf(plan),
    files: steps.flatMap((step) => fileOf(facts, step)),
  };
}

/** What the entry of a changelog is filled from. */
export function changelogDocument(facts: PlanDocumentFacts): ChangelogDocument {
  const { plan } = facts;
  const end = deprecationOf(plan).at(-1)?.date ?? null;
  return { plan: headOf(facts), headings: changelogHeadings(plan.change.kind, plan.title, end) };
}

/** The days of phases, of the end of the old shape, and the last of all. */
export function planCalendar({ plan, state, scope, folder }: PlanDocumentFacts): PlanCalendar {
  const { id, title, createdAt } = plan;
  const windows = windowsOf(plan);
  const where = t('The plan is {0}.', `${folder}/${planFiles.plan}`);
  const phases = phasesWithSteps(plan).map((name): CalendarEvent => ({
    id: `phase-${name}`,
    ...windows[name],
    title: t('{0}: {1}', phaseTitle(name), title),
    what: `${phaseNamed(plan, name)!.goal}\n${where}`,
  }));
  const deprecation = deprecationOf(plan).map(({ label, date, what }, index): CalendarEvent => ({
    id: `deprecation-${index}`,
    start: date,
    end: date,
    title: t('{0}: {1}', label, title),
    what: `${what}\n${where}`,
  }));
  const deadline: CalendarEvent[] =
    scope.deadline === null
      ? []
      : [
          {
            id: 'deadline',
            start: scope.deadline,
            end: scope.deadline,
            title: t('To be done by today: {0}', title),
            what: where,
          },
        ];
  const cancelled = state === 'rolled-back' || state === 'abandoned';
  return { plan: { id, title, createdAt }, events: [...phases, ...deprecation, ...deadline], cancelled };
}

/** The phases that have something to do, in their order. */
export function phasesWithSteps(plan: Pick<Plan, 'phases'>): RolloutPhaseName[] {
  return plan.phases.filter(({ steps }) => steps.length > 0).map(({ name }) => name);
}

function phaseFacts(plan: Plan, name: RolloutPhaseName): RolloutPhase {
  const phase = phaseNamed(plan, name)!;
  const views = phaseViews(plan).find((view) => view.name === name)!;
  const windows = windowsOf(plan);
  const withSteps = phasesWithSteps(plan);
  const before = withSteps[withSteps.indexOf(name) - 1];
  const after = phaseAfter(name, withSteps);
  return {
    title: views.title,
    goal: phase.goal,
    window: windowView(windows[name]),
    steps: views.steps,
    releases: phase.steps.flatMap((step) =>
      step.kind === 'deploy' ? [{ what: step.instructions, back: step.rollbackInstructions }] : [],
    ),
    noReturn: isBefore(plan, phase) ? null : noReturnOf(plan),
    before: before === undefined ? null : phaseTitle(before),
    after: after && { title: phaseTitle(after), window: windowView(windows[after]) },
  };
}

/** Whether a phase ends before the point of no return. */
function isBefore(plan: Plan, phase: Phase): boolean {
  const last = plan.pointOfNoReturn && phaseOf(plan, plan.pointOfNoReturn.step);
  return !last || plan.phases.indexOf(phase) < plan.phases.indexOf(last);
}

function noReturnOf(plan: Plan): NoReturnStep | null {
  const { pointOfNoReturn } = plan;
  if (!pointOfNoReturn) return null;
  const title = stepsOf(plan).find(({ id }) => id === pointOfNoReturn.step)?.title ?? pointOfNoReturn.step;
  return { ...pointOfNoReturn, title };
}

function phaseNamed(plan: Pick<Plan, 'phases'>, name: RolloutPhaseName): Phase | undefined {
  return plan.phases.find((phase) => phase.name === name);
}

function windowsOf(plan: Plan): Record<RolloutPhaseName, DayWindow> {
  const slowly = stepsOf(plan).some(({ kind }) => kind === 'backfill' || kind === 'deploy');
  return phaseWindows(planTimeline(plan), slowly);
}

function deprecationOf(plan: Plan): DeprecationDate[] {
  return deprecationLabels(schedule(plan).deprecation);
}

function headOf({ plan, folder }: PlanDocumentFacts): RolloutHead {
  const { id, title, createdAt } = plan;
  const inFolder = (name: string): string => path.posix.join(folder, name);
  return { id, title, createdAt, file: inFolder(planFiles.plan), runbook: inFolder(planFiles.rollback) };
}

function scopeOf({ systems, users, downtime, deadline }: PlanDocumentFacts['scope']): RolloutScope {
  return { systems, users, downtime, deadline };
}

function summaryOf(plan: Plan): string[] {
  const steps = stepsOf(plan);
  const days = planTimeline(plan).reduce((sum, row) => sum + row.days, 0);
  return [
    t('{0}: {1}', strategyTitle(plan.strategy.kind), plan.strategy.why),
    steps.length === 1
      ? t('It has 1 step; from the first day to the last it takes about {0} days.', days)
      : t('It has {0} steps; from the first day to the last it takes about {1} days.', steps.length, days),
  ];
}

function forecastOf({ title, forecast }: Step, number: number): PullRequestDocument['forecasts'] {
  if (!forecast?.lock) return [];
  const { lock, relation, work, phrase } = forecast;
  const name = relation === null ? lockName(lock) : t('{0} on {1}', lockName(lock), relation);
  return [{ number, title, lock: name, work, phrase }];
}

function fileOf({ folder, releases }: PlanDocumentFacts, step: Step): PullRequestDocument['files'] {
  if (step.kind !== 'migration' && step.kind !== 'concurrent') return [];
  const release = releases.find((item) => item.step === step.id);
  if (!release) {
    const file = path.posix.join(folder, heldFile(step.id, 'up'));
    return [{ file, what: t('{0}; held until its phase is released', step.title) }];
  }
  return [{ file: release.up.path, what: step.title }];
}
