import { execFileSync } from 'node:child_process';

/** Runs git in a folder with nothing of the machine's own settings, and gives what it says. Throws where it fails. */
export function gitIn(folder: string, ...words: string[]): string {
  return execFileSync('git', ['-c', 'user.name=Build', '-c', 'user.email=build@example.com', ...words], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, HOME: folder, GIT_CONFIG_NOSYSTEM: '1' },
  });
}
