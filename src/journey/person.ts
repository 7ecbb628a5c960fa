import { execFile } from 'node:child_process';
import os from 'node:os';
import { promisify } from 'node:util';

/** The name proposed for the person at the keyboard: git's user.name where it is set, else the system's user. */
export async function personName(folder: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)('git', ['config', '--get', 'user.name'], {
      cwd: folder,
      timeout: 2000,
      windowsHide: true,
    });
    return stdout.trim() || systemUser();
  } catch {
    // No git here, or no name set: the system knows one.
    return systemUser();
  }
}

function systemUser(): string {
  return os.userInfo().username;
}
