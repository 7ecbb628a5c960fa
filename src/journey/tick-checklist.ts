import { approvalsRegion } from '../documents/approvals';
import { inPlanFolder, planFiles } from '../documents/plan-folder';
import { refreshRegion } from '../documents/regions';
import { tickItems } from '../documents/ticks';
import { knownTicks } from '../implement/scaffold/checklist-ticks';
import { givenApprovals } from '../implement/scaffold/given-approvals';
import type { EnvironmentRecord, LoadedPlan } from '../implement/scaffold/plan-file';
import { loadPlan } from './plans';
import type { JourneyContext } from './workspace';

/**
 * Ticks the lines of checklist.md that the record of plan.md proves, and renews the table of approvals in plan.md.
 * Steps and gates count only on the database the checklist is for: `database` is the one that was worked on, null
 * where only people's words have changed. A person's ticks and every other line stay as they are.
 */
export async function tickChecklist(
  context: JourneyContext,
  planFolder: string,
  database: { name: string; label: string } | null,
): Promise<void> {
  const loaded = await loadPlan(context, planFolder);
  const { approvalRoles: roles } = context.workspace.configuration;
  const { approvedHash, approvals } = loaded;
  const evidence = Object.values(loaded.environments).flatMap((environment) => environment.evidence);
  const given = givenApprovals({ approvals, evidence, roles, approvedHash });
  await change(context, planFolder, planFiles.plan, (text) =>
    refreshRegion(text, approvalsRegion(roles, given)),
  );
  await change(context, planFolder, planFiles.checklist, (text) => {
    const record = recordFor(text, loaded, database);
    return tickItems(text, knownTicks({ ...loaded, ...record, approvals: given }));
  });
}

/** What is on record of the database that the checklist is for; nothing of another one. */
function recordFor(
  checklist: string,
  loaded: LoadedPlan,
  database: { name: string; label: string } | null,
): Pick<EnvironmentRecord, 'evidence' | 'steps'> {
  const marked = /<!-- switchback:ticked-for (\S+) -->/.exec(checklist)?.[1];
  const nothing = { evidence: [], steps: [] };
  if (database === null || (marked !== undefined && marked !== encodeURIComponent(database.label)))
    return nothing;
  return loaded.environments[database.name] ?? nothing;
}

async function change(
  context: JourneyContext,
  planFolder: string,
  name: string,
  edit: (text: string) => string,
): Promise<void> {
  const file = inPlanFolder(planFolder, name);
  const text = await context.files.readIfExists(file);
  if (text === null) return;
  const edited = edit(text);
  if (edited !== text) await context.files.write(file, edited);
}
