import path from 'node:path';
import { planFiles } from '../documents/plan-folder';
import { readPlanText } from '../implement/scaffold/plan-file';
import { isSwitchbackError } from '../messages/error';
import type { OtherPlan } from '../plan/plans-beside';
import { askGit } from './ask-git';
import { plansFolder } from './plans-folder';
import type { JourneyContext } from './workspace';

/** More open branches than these are not looked at; the latest come first. */
const mostBranches = 30;
const mostPlans = 100;

/**
 * The plans that open branches have and the working tree has not: of branches, here and on remotes as git knows them, that
 * are not merged into what is checked out. None without git. Throws `cancelled`.
 */
export async function branchPlans(context: JourneyContext): Promise<OtherPlan[]> {
  const { root } = context.workspace;
  const folder = path.relative(root, plansFolder(context)).split(path.sep).join('/');
  const found = new Map<string, OtherPlan>();
  for (const branch of await openBranches(context)) {
    const listed = await askGit(context, root, ['ls-tree', '-r', '-z', '--name-only', branch, '--', folder]);
    const files = (listed ?? '').split('\0').filter((file) => file.endsWith(`/${planFiles.plan}`));
    for (const file of files) {
      if (found.has(file) || found.size === mostPlans) continue;
      if (await context.files.exists(path.join(root, file))) continue;
      const plan = await planOn(context, branch, file);
      if (plan) found.set(file, plan);
    }
  }
  return [...found.values()];
}

/** The short names of branches that are not merged. */
async function openBranches(context: JourneyContext): Promise<string[]> {
  const answer = await askGit(context, context.workspace.root, [
    'for-each-ref',
    '--no-merged=HEAD',
    '--sort=-committerdate',
    `--count=${mostBranches}`,
    '--format=%(refname:short)',
    'refs/heads',
    'refs/remotes',
  ]);
  return (answer ?? '').split('\n').filter((name) => name !== '');
}

async function planOn(context: JourneyContext, branch: string, file: string): Promise<OtherPlan | null> {
  const text = await askGit(context, context.workspace.root, ['show', `${branch}:./${file}`]);
  if (text === null) return null;
  try {
    return { ...(await readPlanText(text, file)), branch };
  } catch (error) {
    // A plan of another version of Switchback, or half written: whoever checks it out is told.
    if (isSwitchbackError(error, 'invalid-file')) return null;
    throw error;
  }
}
