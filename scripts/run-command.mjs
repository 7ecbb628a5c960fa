import { spawn } from 'node:child_process';

/**
 * Runs a program to its end with its output shown, or kept when `quiet`. Resolves to the exit code, the
 * text and whether it was ended by the time limit; rejects only when the program cannot be started.
 */
export function runCommand(program, args, options = {}) {
  const { cwd, env, quiet = false, timeoutMilliseconds = 0 } = options;
  return new Promise((resolve, reject) => {
    const windowsScript = process.platform === 'win32' && ['npm', 'npx', 'code'].includes(program);
    const child = spawn(windowsScript ? `${program}.cmd` : program, args, {
      cwd,
      env: env ?? process.env,
      shell: windowsScript,
      stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
    });
    let text = '';
    let timedOut = false;
    const timer =
      timeoutMilliseconds > 0
        ? setTimeout(() => {
            timedOut = true;
            child.kill('SIGKILL');
          }, timeoutMilliseconds)
        : undefined;
    child.stdout?.on('data', (data) => (text += data));
    child.stderr?.on('data', (data) => (text += data));
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(new Error(`${program} could not be started: ${error.message}`));
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code: code ?? 1, text, timedOut });
    });
  });
}

/** The last lines of a program's output, for a reason in an error. */
export function lastLines(text, count = 12) {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}
