import path from 'node:path';
import { heldFolder, stepsFolder } from '../documents/plan-folder';
import type { LoadedPlan } from '../implement/scaffold/plan-file';
import { isSwitchbackError } from '../messages/error';
import { phaseOf, stepsOf } from '../plan/plan';
import type { ScriptPlan } from '../safety/rule';
import { hasPlan, plansFolder } from './plans-folder';
import type { JourneyContext } from './workspace';

/** What the workspace's plans say of SQL files. */
export interface ScriptPlans {
  /** By absolute path: files of steps, written or held. */
  steps: ReadonlyMap<string, ScriptPlan>;
  /** Absolute path of the folder of plans; what else lies in it is no migration. */
  folder: string;
  /** Other files belong to no plan for sure; false where a plan could not be read. */
  complete: boolean;
}

/** Reads the plans of the workspace. A broken one is left out: its own diagnostics say what is wrong with it. */
export async function readScriptPlans(context: JourneyContext): Promise<ScriptPlans> {
  const folder = plansFolder(context);
  const steps = new Map<string, ScriptPlan>();
  let complete = true;
  for (const entry of await context.files.list(folder)) {
    const planFolder = path.join(folder, entry.name);
    if (entry.kind !== 'folder') continue;
    try {
      if (!(await hasPlan(context, planFolder))) continue;
      // Most workspaces that are linted have no plan, and need nothing of what reads one.
      const { loadPlan } = await import('./plans');
      const loaded = await loadPlan(context, planFolder);
      for (const [file, plan] of filesOf(loaded, context.workspace.root)) steps.set(file, plan);
    } catch (error) {
      if (!isSwitchbackError(error)) throw error;
      complete = false;
    }
  }
  return { steps, folder, complete };
}

/** What the plans say of one file; null where that is not known. */
export function planOfScript({ steps, folder, complete }: ScriptPlans, file: string): ScriptPlan | null {
  const step = steps.get(file);
  if (step) return step;
  const isInside = file.startsWith(folder + path.sep);
  return complete && !isInside ? { kind: 'none' } : null;
}

function filesOf({ folder, plan, releases }: LoadedPlan, root: string): [string, ScriptPlan][] {
  const planOf = (id: string, timed: boolean): ScriptPlan | null => {
    const phase = phaseOf(plan, id)?.name;
    if (!phase) return null;
    return { kind: 'step', plan: plan.id, phase, deprecationDays: plan.options.deprecationDays, timed };
  };
  const own = stepsOf(plan).flatMap(({ id }) => [
    { id, file: path.join(folder, stepsFolder, `${id}.forward.sql`), timed: true },
    { id, file: path.join(folder, stepsFolder, `${id}.rollback.sql`), timed: true },
    { id, file: path.join(folder, heldFolder, `${id}.up.sql`), timed: true },
    { id, file: path.join(folder, heldFolder, `${id}.down.sql`), timed: true },
  ]);
  const released = releases.flatMap(({ step, up, down }) =>
    [up, ...(down ? [down] : [])].map((each) => ({
      id: step,
      file: path.join(root, each.path),
      timed: false,
    })),
  );
  return [...own, ...released].flatMap(({ id, file, timed }): [string, ScriptPlan][] => {
    const found = planOf(id, timed);
    return found ? [[file, found]] : [];
  });
}
