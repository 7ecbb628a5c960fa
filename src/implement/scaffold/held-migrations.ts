import { heldFile } from '../../documents/plan-folder';
import type { NamedSql } from '../../plan/approved-hash';
import { stepsOf, type Plan } from '../../plan/plan';
import type { Files } from '../../ports/files';
import { isFileStep, migrationText, type TemplateFolders } from './migration-text';

/** What a plan's migrations are written from. */
export interface HeldRequest {
  plan: Plan;
  files: Files;
  templates: TemplateFolders;
}

/** The texts of the migrations that are not released, by path in the plan folder. */
export async function heldMigrations(
  { plan, files, templates }: HeldRequest,
  releasedSteps: ReadonlySet<string>,
): Promise<NamedSql[]> {
  const held: NamedSql[] = [];
  for (const step of stepsOf(plan).filter(isFileStep)) {
    if (releasedSteps.has(step.id)) continue;
    const { up, down } = await migrationText(plan, step, files, templates);
    held.push({ path: heldFile(step.id, 'up'), text: up }, { path: heldFile(step.id, 'down'), text: down });
  }
  return held;
}
