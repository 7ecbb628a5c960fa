import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { JourneyContext } from './workspace';

const patienceMilliseconds = 5000;
const mostBytes = 16_000_000;

/**
 * What git answers; null where there is none, in no repository, and where nobody trusts the workspace, whose settings of git
 * may name programs. Runs unseen, which the programs of a project do not.
 */
export async function askGit(
  { workspace, signal }: Pick<JourneyContext, 'workspace' | 'signal'>,
  folder: string,
  words: readonly string[],
): Promise<string | null> {
  if (!workspace.trusted) return null;
  const settings = ['log.showSignature=false', 'core.fsmonitor=false'];
  try {
    const { stdout } = await promisify(execFile)(
      'git',
      [...settings.flatMap((setting) => ['-c', setting]), ...words],
      { cwd: folder, timeout: patienceMilliseconds, windowsHide: true, signal, maxBuffer: mostBytes },
    );
    return stdout;
  } catch {
    // No git, no repository, or too long: what it would have said is not known.
    signal.throwIfAborted();
    return null;
  }
}
