import { spawn } from 'node:child_process';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { ProgramEnd, ProgramRun, Programs } from './programs';

/** Programs as child processes. `show` is given what they print, as it comes. */
export function nodePrograms(show: (text: string) => void): Programs {
  return {
    run: (run) =>
      new Promise<ProgramEnd>((resolve, reject) => {
        const isWindows = process.platform === 'win32';
        const child = spawn(
          // npx and its like are scripts there, which only a shell finds.
          isWindows ? quoted(run.program) : run.program,
          isWindows ? run.args.map(quoted) : [...run.args],
          {
            cwd: run.folder,
            env: { ...inherited(run), ...run.environment },
            stdio: ['ignore', 'pipe', 'pipe'],
            shell: isWindows,
            signal: run.signal,
            windowsHide: true,
          },
        );
        const printed = { output: '', errors: '' };
        const keep = (name: keyof typeof printed) => (chunk: string) => {
          printed[name] += chunk;
          show(chunk);
        };
        child.stdout.setEncoding('utf8').on('data', keep('output'));
        child.stderr.setEncoding('utf8').on('data', keep('errors'));
        child.once('error', (cause) => reject(whyNot(run.program, run.folder, cause)));
        child.once('close', (code) => resolve({ code, ...printed }));
      }),
  };
}

function inherited({ withholds }: ProgramRun): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([variable]) => !withholds?.(variable)));
}

/** For cmd.exe, whose quotes keep all but quotes and percent signs. */
function quoted(text: string): string {
  return /^[\w./:=@\\-]+$/.test(text) ? text : `"${text.replace(/["%]/g, '')}"`;
}

function whyNot(program: string, folder: string, cause: Error): Error {
  if (cause.name === 'AbortError')
    return new SwitchbackError('cancelled', t('Stopped {0}.', program), { cause });
  return new SwitchbackError(
    'not-found',
    t(
      '{0} could not be started in {1}: {2}. Install it, or name the command under "toolCommands" in .switchback/config.json.',
      program,
      folder,
      cause.message,
    ),
    { cause },
  );
}
