import path from 'node:path';
import { errorText, isSwitchbackError } from '../messages/error';
import { readPlanFolder, type LoadedPlan, type Release } from '../implement/scaffold/plan-file';
import type { Plan, PlanState } from '../plan/plan';
import { hasPlan, plansFolder } from './plans-folder';
import type { JourneyContext } from './workspace';

/** A plan folder as lists show it. */
export interface PlanSummary {
  id: string;
  /** Absolute path of the plan's folder. */
  folder: string;
  title: string;
  state: PlanState;
  /** null for one that could not be read. */
  plan: Plan | null;
  /** Why it could not be read, as a sentence; null when it could. */
  problem: string | null;
}

/** A plan with the migrations it has released; none of one that could not be read. */
export interface ListedPlan {
  summary: PlanSummary;
  releases: readonly Release[];
}

/** The plans of the workspace, newest first. A broken one is listed with its problem. */
export async function listPlans(context: JourneyContext): Promise<PlanSummary[]> {
  return (await listReleasedPlans(context)).map(({ summary }) => summary);
}

/** The same, with what each has released. */
export async function listReleasedPlans(context: JourneyContext): Promise<ListedPlan[]> {
  const parent = plansFolder(context);
  const listed: ListedPlan[] = [];
  for (const entry of await context.files.list(parent)) {
    const folder = path.join(parent, entry.name);
    if (entry.kind !== 'folder' || !(await hasPlan(context, folder))) continue;
    listed.push(await summarize(context, folder));
  }
  return listed.sort((a, b) => b.summary.id.localeCompare(a.summary.id));
}

/** A plan read from its folder. Throws `not-found`, or `invalid-file` with the line of the mistake. */
export async function loadPlan(context: JourneyContext, folder: string): Promise<LoadedPlan> {
  return readPlanFolder(folder, context.files, context.workspace.root);
}

async function summarize(context: JourneyContext, folder: string): Promise<ListedPlan> {
  const id = path.basename(folder);
  try {
    const loaded = await loadPlan(context, folder);
    const { plan, state, releases } = loaded;
    return { summary: { id, folder, title: plan.title, state, plan, problem: null }, releases };
  } catch (error) {
    const problem = isSwitchbackError(error) ? error.sentence : errorText(error);
    return { summary: { id, folder, title: id, state: 'draft', plan: null, problem }, releases: [] };
  }
}
