import path from 'node:path';
import { splitFrontMatter } from '../documents/front-matter';
import type { JourneyContext } from './workspace';

/** Absolute path of the folder that plan folders lie in. */
export function plansFolder(context: JourneyContext): string {
  return path.join(context.workspace.root, context.workspace.configuration.plansFolder);
}

/** Whether a folder has a plan of Switchback; a plan document written by hand or without a plan is none. */
export async function hasPlan(context: JourneyContext, folder: string): Promise<boolean> {
  const text = await context.files.readIfExists(path.join(folder, 'plan.md'));
  return /^switchback[ \t]*:/m.test((text === null ? null : splitFrontMatter(text))?.yaml ?? '');
}
