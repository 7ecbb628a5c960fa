import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { runCommand } from './run-command.mjs';

/** Runs `npm ci` where node_modules is absent or older than the lock file. Throws when it fails. */
export async function installPackages(root) {
  const lock = path.join(root, 'package-lock.json');
  const installed = path.join(root, 'node_modules', '.package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  if (existsSync(installed) && (await isComplete(root))) return;
  console.log('Installing packages: npm ci');
  const { code } = await runCommand('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
  });
  if (code !== 0)
    throw new Error('npm ci failed. Check that the npm registry can be reached, and run it again.');
}

/** A checkout touches the lock file without changing it: npm itself says whether everything is there. */
async function isComplete(root) {
  const { code } = await runCommand('npm', ['ls', '--all', '--silent'], { cwd: root, quiet: true });
  return code === 0;
}
