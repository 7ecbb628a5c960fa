import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { JourneyContext } from './workspace';

/** Who last committed a file, and when. */
export interface FileCommit {
  author: string;
  /** ISO 8601. */
  committedAt: string;
}

const patienceMilliseconds = 5000;

/**
 * The last commit of a file, by its absolute path; null without git, for a file that it does not track, and where nobody
 * trusts the workspace, whose settings of git may name programs. Runs unseen, which the programs of a project do not.
 */
export async function fileCommit(
  { workspace, signal }: Pick<JourneyContext, 'workspace' | 'signal'>,
  file: string,
): Promise<FileCommit | null> {
  if (!workspace.trusted) return null;
  try {
    const { stdout } = await promisify(execFile)(
      'git',
      ['-c', 'log.showSignature=false', 'log', '-1', '--format=%an%x09%aI', '--', file],
      { cwd: workspace.root, timeout: patienceMilliseconds, windowsHide: true, signal },
    );
    const [author, committedAt] = stdout.trim().split('\t');
    return author && committedAt ? { author, committedAt } : null;
  } catch {
    // No git, no repository, or too long: the migration is shown without its author.
    signal.throwIfAborted();
    return null;
  }
}
