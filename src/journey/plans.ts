import path from 'node:path';
import { errorText, isSwitchbackError } from '../messages/error';
import { readPlanFolder, type LoadedPlan } from '../implement/scaffold/plan-file';
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

/** The plans of the workspace, newest first. A broken one is listed with its problem. */
export async function listPlans(context: JourneyContext): Promise<PlanSummary[]> {
  const parent = plansFolder(context);
  const summaries: PlanSummary[] = [];
  for (const entry of await context.files.list(parent)) {
    const folder = path.join(parent, entry.name);
    if (entry.kind !== 'folder' || !(await hasPlan(context, folder))) continue;
    summaries.push(await summarize(context, folder));
  }
  return summaries.sort((a, b) => b.id.localeCompare(a.id));
}

/** A plan read from its folder. Throws `not-found`, or `invalid-file` with the line of the mistake. */
export async function loadPlan(context: JourneyContext, folder: string): Promise<LoadedPlan> {
  return readPlanFolder(folder, context.files, context.workspace.root);
}

async function summarize(context: JourneyContext, folder: string): Promise<PlanSummary> {
  const id = path.basename(folder);
  try {
    const loaded = await loadPlan(context, folder);
    return { id, folder, title: loaded.plan.title, state: loaded.state, plan: loaded.plan, problem: null };
  } catch (error) {
    const problem = isSwitchbackError(error) ? error.sentence : errorText(error);
    return { id, folder, title: id, state: 'draft', plan: null, problem };
  }
}
