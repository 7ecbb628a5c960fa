import { execFile, execFileSync } from 'node:child_process';

/** A word in a test's title by which the run knows that it needs a program: `[sqitch]`. */
export function needs(program: string): string {
  return `[${program}]`;
}

/** Whether a program of Debian is on the PATH. */
export function isInstalled(program: string, args: readonly string[] = ['--version']): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore', timeout: 60_000 });
    return true;
  } catch {
    return false;
  }
}

/** A hook that passes over the tests of a `describe`, with the hooks behind it, where a program is missing. */
export function skipWithout(program: string, args?: readonly string[]): Mocha.Func {
  return function () {
    if (!isInstalled(program, args)) this.skip();
  };
}

/** The output of a program that ends well; throws with all of its output where it does not. */
export function outputOf(
  program: string,
  args: readonly string[],
  options: { cwd: string; env?: Record<string, string> },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, ...options.env };
    const limits = { cwd: options.cwd, env, timeout: 120_000, maxBuffer: 16 * 2 ** 20 };
    execFile(program, [...args], limits, (error, stdout, stderr) => {
      if (error)
        reject(new Error(`${program} ${args.join(' ')} failed: ${error.message}\n${stdout}\n${stderr}`));
      else resolve(stdout);
    });
  });
}
