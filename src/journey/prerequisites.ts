import path from 'node:path';
import type { Assessment } from '../assess/assessment';
import { mergeAnswers, noPlanAnswers, type PlanAnswers } from '../assess/plan-answers';
import { prerequisitesOf, type Prerequisite, type PrerequisiteFacts } from '../assess/prerequisites';
import { inPlanFolder, planFiles } from '../documents/plan-folder';
import { prerequisitesRegion } from '../documents/prerequisites-region';
import { refreshRegion } from '../documents/regions';
import { givenApprovals } from '../implement/scaffold/given-approvals';
import { updatePlanFile, type LoadedPlan } from '../implement/scaffold/plan-file';
import { answersOf, storedPrerequisites, storedScope } from '../implement/scaffold/stored-answers';
import { prerequisiteLines } from '../implement/scaffold/views/prerequisite-lines';
import { createPlan } from '../plan/create-plan';
import {
  defaultPlanOptions,
  stepsBeforeNoReturn,
  type Evidence,
  type Plan,
  type PlanOptions,
  type Step,
} from '../plan/plan';
import { planTimeline } from '../plan/timeline';
import { loadParser } from '../sql/parser';
import type { DraftPlan } from './plan';
import { loadPlan } from './plans';
import { plansFolder } from './plans-folder';
import { tickChecklist } from './tick-checklist';
import type { JourneyContext } from './workspace';

/** What the prerequisites of a plan are judged by; every part may be missing. */
export interface PrerequisiteSources {
  assessment: Assessment | null;
  /** The plan, or the one that the assessment would give. */
  plan: Plan | null;
  answers: PlanAnswers;
  /** Names of databases at hand that are labelled staging. */
  stagingDatabases: readonly string[];
  /** The plan as it is on disk. */
  loaded: LoadedPlan | null;
  /** Who approves plans here. */
  approvalRoles: readonly string[];
}

/** The six prerequisites as they stand. Pure. */
export function prerequisitesNow(sources: PrerequisiteSources): Prerequisite[] {
  return prerequisitesOf(sources.assessment, factsOf(sources));
}

/** What people said of a drafted plan, now and in its folder if it has one, and how its prerequisites stand. */
export async function draftStanding(
  context: JourneyContext,
  draft: DraftPlan,
): Promise<{ answers: PlanAnswers; prerequisites: Prerequisite[] }> {
  const { plan, assessment, stagingDatabases } = draft;
  const { approvalRoles } = context.workspace.configuration;
  const folder = path.join(plansFolder(context), plan.id);
  const loaded = (await context.files.exists(path.join(folder, 'plan.md')))
    ? await loadPlan(context, folder)
    : null;
  const answers = mergeAnswers(answersOnDisk(loaded), draft.answers);
  return {
    answers,
    prerequisites: prerequisitesNow({ assessment, plan, answers, stagingDatabases, loaded, approvalRoles }),
  };
}

/**
 * The plan an assessment would give, so that the way back and the time can be judged before there is one; null
 * where something stops it. Nothing is written.
 */
export async function previewPlan(
  context: JourneyContext,
  assessment: Assessment,
  options: Partial<PlanOptions> = {},
): Promise<Plan | null> {
  if (assessment.blockers.length > 0) return null;
  const { plan } = createPlan({
    change: assessment.change,
    assessment,
    options: { ...defaultPlanOptions, ...options },
    // Where the files will lie changes neither steps nor time.
    layout: { id: 'plain', folder: '' },
    parser: await loadParser(),
    now: context.clock.now(),
  });
  return plan;
}

/** Writes what people said into plan.md: its front matter, and the table of prerequisites people read. */
export async function recordAnswers(
  context: JourneyContext,
  planFolder: string,
  answers: PlanAnswers,
  known: Pick<PrerequisiteSources, 'assessment' | 'stagingDatabases'>,
): Promise<void> {
  await writePrerequisites(context, await loadPlan(context, planFolder), answers, known);
  await tickChecklist(context, planFolder, null);
}

/** Brings the prerequisites in plan.md up to date with what is on record: rehearsals, staging runs, approvals. */
export async function renewPrerequisites(context: JourneyContext, planFolder: string): Promise<void> {
  const loaded = await loadPlan(context, planFolder);
  // A plan of before prerequisites were kept stays as it is.
  if (loaded.prerequisites.length === 0) return;
  await writePrerequisites(context, loaded, answersOf(loaded), { assessment: null, stagingDatabases: [] });
}

async function writePrerequisites(
  context: JourneyContext,
  loaded: LoadedPlan,
  answers: PlanAnswers,
  known: Pick<PrerequisiteSources, 'assessment' | 'stagingDatabases'>,
): Promise<void> {
  const { folder, plan } = loaded;
  const { approvalRoles } = context.workspace.configuration;
  const prerequisites = prerequisitesNow({ ...known, plan, answers, loaded, approvalRoles });
  const file = inPlanFolder(folder, planFiles.plan);
  const text = await context.files.read(file);
  const changed = refreshRegion(text, prerequisitesRegion(prerequisiteLines(prerequisites)));
  if (changed !== text) await context.files.write(file, changed);
  await updatePlanFile(folder, context.files, {
    scope: storedScope(answers),
    prerequisites: storedPrerequisites(prerequisites, answers),
  });
}

/** What people said of a plan that is on disk; nothing for one that is not. */
export function answersOnDisk(loaded: LoadedPlan | null): PlanAnswers {
  return loaded ? answersOf(loaded) : noPlanAnswers;
}

/** Titles of what is not settled for a plan on disk; none for a plan of before prerequisites were kept. */
export function openPrerequisitesOf(context: JourneyContext, loaded: LoadedPlan): string[] {
  if (loaded.prerequisites.length === 0) return [];
  const { plan } = loaded;
  return prerequisitesNow({
    assessment: null,
    plan,
    answers: answersOf(loaded),
    stagingDatabases: [],
    loaded,
    approvalRoles: context.workspace.configuration.approvalRoles,
  })
    .filter((item) => item.state === 'open')
    .map((item) => item.title);
}

function factsOf({
  plan,
  answers,
  stagingDatabases,
  loaded,
  approvalRoles,
}: PrerequisiteSources): PrerequisiteFacts {
  const evidence = Object.values(loaded?.environments ?? {}).flatMap((environment) => environment.evidence);
  const approvals = givenApprovals({
    approvals: loaded?.approvals ?? [],
    evidence,
    roles: approvalRoles,
    approvedHash: loaded?.approvedHash ?? null,
  }).filter((approval) => approval.valid);
  const recorded = (id: 'impact' | 'staging'): string | undefined =>
    loaded?.prerequisites.find((item) => item.id === id)?.evidence ?? undefined;
  return {
    confirmations: answers.confirmations,
    scope: answers.scope,
    deadline: answers.deadline,
    approvals: approvalRoles.map((role) => ({
      role,
      by: approvals.find((approval) => sameRole(approval.role, role))?.by ?? null,
    })),
    stagingDatabases,
    stagingRun: latestOf(evidence, 'staging-run'),
    rehearsal: latestOf(evidence, 'rehearsal', loaded?.approvedHash),
    wayBack: plan ? wayBackOf(plan) : null,
    timeline: plan ? timelineOf(plan) : null,
    recorded: { impact: recorded('impact'), staging: recorded('staging') },
  };
}

function sameRole(left: string, right: string): boolean {
  return left.trim().toLowerCase() === right.trim().toLowerCase();
}

/** The last word on a gate, when it is a good one; given for these contents where they are named. */
function latestOf(
  evidence: readonly Evidence[],
  gate: Evidence['gate'],
  contentHash?: string,
): { by: string; at: string } | null {
  const last = evidence
    .filter((item) => item.gate === gate)
    .sort((left, right) => Date.parse(left.at) - Date.parse(right.at))
    .at(-1);
  if (!last || (last.verdict !== 'held' && last.verdict !== 'passed')) return null;
  if (contentHash !== undefined && last.contentHash !== contentHash) return null;
  return { by: last.by, at: last.at };
}

function wayBackOf(plan: Plan): NonNullable<PrerequisiteFacts['wayBack']> {
  const before = stepsBeforeNoReturn(plan);
  return {
    steps: before.length,
    without: before.filter((step) => !hasWayBack(step)).map((step) => step.title),
    waitDays: before.reduce((days, step) => days + (step.kind === 'wait' ? step.days : 0), 0),
  };
}

function hasWayBack(step: Step): boolean {
  switch (step.kind) {
    case 'migration':
    case 'concurrent':
    case 'vacuum':
    case 'backfill':
      return step.rollback.kind !== 'no-return';
    case 'deploy':
      return step.rollbackInstructions.trim() !== '';
    case 'check':
    case 'wait':
      return true;
  }
}

function timelineOf(plan: Plan): NonNullable<PrerequisiteFacts['timeline']> {
  const rows = planTimeline(plan);
  return { days: rows.reduce((sum, row) => sum + row.days, 0), end: rows.at(-1)!.end };
}
