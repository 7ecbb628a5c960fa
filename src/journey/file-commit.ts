import { askGit } from './ask-git';
import type { JourneyContext } from './workspace';

/** Who last committed a file, and when. */
export interface FileCommit {
  author: string;
  /** ISO 8601. */
  committedAt: string;
}

/** The last commit of a file, by its absolute path; null without git, and for a file that it does not track. */
export async function fileCommit(
  context: Pick<JourneyContext, 'workspace' | 'signal'>,
  file: string,
): Promise<FileCommit | null> {
  const words = ['log', '-1', '--format=%an%x09%aI', '--', file];
  const answer = await askGit(context, context.workspace.root, words);
  const [author, committedAt] = answer?.trim().split('\t') ?? [];
  return author && committedAt ? { author, committedAt } : null;
}
