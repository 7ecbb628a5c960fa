import { exec } from 'node:child_process';
import { promisify } from 'node:util';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { JourneyContext } from './workspace';

/**
 * Free bytes of the database's disk, from the command the user configured; null without one.
 * SQL cannot read it. The command runs in trusted workspaces only.
 */
export async function freeDiskBytes(context: JourneyContext): Promise<number | null> {
  const { root, trusted, configuration } = context.workspace;
  const command = configuration.diskFreeCommand;
  if (!command || !trusted) return null;
  try {
    const { stdout } = await promisify(exec)(command, { cwd: root, timeout: 10_000, signal: context.signal });
    const bytes = Number(/\d+/.exec(stdout)?.[0]);
    if (Number.isFinite(bytes)) return bytes;
  } catch (cause) {
    throw new SwitchbackError(
      'invalid-input',
      t('The command of switchback.diskFreeCommand failed. Correct it, or clear the setting.'),
      { cause },
    );
  }
  throw new SwitchbackError(
    'invalid-input',
    t('The command of switchback.diskFreeCommand printed no number. It must print the free bytes.'),
  );
}
