import path from 'node:path';
import { runCommandLine, type CommandLine } from '../../src/cli/run-command-line';

export interface CliAnswer {
  exitCode: number;
  out: string;
  told: string[];
  json: <T>() => T;
}

const root = path.resolve(__dirname, '..', '..');

/** Runs the command line in this process, in a folder, with an environment of its own. */
export async function switchback(
  workingFolder: string,
  environment: NodeJS.ProcessEnv,
  ...words: string[]
): Promise<CliAnswer> {
  return switchbackIn(workingFolder, { environment }, ...words);
}

/** The same in a world that differs in what is given. */
export async function switchbackIn(
  workingFolder: string,
  world: Partial<CommandLine>,
  ...words: string[]
): Promise<CliAnswer> {
  let out = '';
  const told: string[] = [];
  const exitCode = await runCommandLine({
    arguments: words,
    environment: {},
    workingFolder,
    assets: {
      dist: path.join(root, 'dist'),
      templates: path.join(root, 'templates'),
      cache: path.join(root, '.switchback-test', 'cache'),
    },
    out: (text) => (out += text),
    tell: (line) => told.push(line),
    signal: new AbortController().signal,
    ...world,
  });
  return { exitCode, out, told, json: <T>() => JSON.parse(out) as T };
}
