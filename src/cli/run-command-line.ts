import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Database } from '../journey/database';
import { readConfiguration } from '../journey/configuration';
import type { LintMemory } from '../journey/lint-memory';
import type { Assets, JourneyContext } from '../journey/workspace';
import { SwitchbackError, errorText, isSwitchbackError } from '../messages/error';
import { printable } from '../messages/printable';
import { redact } from '../messages/redact';
import { t } from '../messages/translate';
import { systemClock } from '../ports/clock';
import { nodePrograms } from '../ports/node-programs';
import { nodeFiles } from '../ports/node-files';
import { connectionOptions, readDatabaseOption } from './connection-options';
import { exitCodeOf, type ExitCode } from './exit-code';
import { generalHelp, kindHelp, verbHelp } from './help';
import { optionalChoice, optionalText } from './option-values';
import { flagPrompt } from './terminal-prompt';
import { paintSequence } from './text/paint';
import type { OptionValues, TerminalLook, Verb, VerbCall, VerbOptions, WordGroup } from './verb';
import { lintVerb } from './verbs/lint';

/** The world as the command line sees it; a test gives its own. */
export interface CommandLine {
  arguments: string[];
  environment: NodeJS.ProcessEnv;
  workingFolder: string;
  assets: Assets;
  /** Standard output: the answer only. */
  out(text: string): void;
  /** Standard error, one line: progress, warnings, errors. */
  tell(line: string): void;
  signal: AbortSignal;
  /** Characters in a line of standard output and whether it takes colours; a plain page of 100 unless said. */
  terminal?: TerminalLook;
  /** For a process that lints more than once. */
  lintMemory?: LintMemory;
}

const generalOptions: VerbOptions = {
  ...connectionOptions,
  format: {
    type: 'string',
    value: 'text|json',
    help: t('how the answer is printed; JSON is all that goes to standard output'),
  },
  workspace: {
    type: 'string',
    value: 'FOLDER',
    help: t('the folder with the migrations; the current one unless said'),
  },
  yes: {
    type: 'string',
    multiple: true,
    value: 'QUESTION',
    help: t('agrees to a question by its name, for example consent-schema'),
  },
  user: { type: 'string', value: 'NAME', help: t('who is recorded; your name on this machine unless said') },
  quiet: { type: 'boolean', help: t('no progress on standard error') },
  help: { type: 'boolean', short: 'h', help: t('this help') },
};

/** Runs one verb and gives its exit code. Never throws for what a user can do wrong. */
export async function runCommandLine(world: CommandLine): Promise<ExitCode> {
  const line = withPlainText(world);
  const [name, ...rest] = line.arguments;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    line.out(generalHelp(await allVerbs(), generalOptions, lookOf(line).columns));
    return name === undefined ? 2 : 0;
  }
  let json = rest.includes('--format=json');
  try {
    const verb = await findVerb(name);
    if (!verb)
      throw new SwitchbackError(
        'usage',
        t('"{0}" is not a verb of switchback. See "switchback --help".', name),
      );
    const groups = readGroups(verb, rest);
    const values = valuesOf(groups);
    if (values.help === true) {
      line.out(helpOf(verb, groups, lookOf(line).columns));
      return 0;
    }
    const format = optionalChoice(values, 'format', ['text', 'json', ...(verb.formats ?? [])]) ?? 'text';
    json = format === 'json';
    return await runVerb(line, verb, groups, format);
  } catch (error) {
    return reportError(line, error, json);
  }
}

function helpOf(verb: Verb, groups: readonly WordGroup[], columns: number): string {
  const word = groups.at(-1)!.positionals[0];
  const kind = verb.kinds?.().find(({ name }) => name === word);
  return kind ? kindHelp(verb, kind, columns) : verbHelp(verb, generalOptions, columns);
}

/** How the answer is shown unless the program says: a plain page. */
function lookOf({ terminal }: CommandLine): TerminalLook {
  return terminal ?? { columns: 100, colours: false };
}

/** Lint starts often and for a moment: it is found without reading what the others need. */
async function findVerb(name: string): Promise<Verb | undefined> {
  if (name === lintVerb.name) return lintVerb;
  return (await allVerbs()).find((verb) => verb.name === name);
}

async function allVerbs(): Promise<readonly Verb[]> {
  return (await import('./verbs/index')).verbs;
}

/** Names and texts of files, databases and servers reach a terminal as text, never as commands to it. */
function withPlainText(line: CommandLine): CommandLine {
  const kept = line.terminal?.colours === true ? paintSequence : undefined;
  return {
    ...line,
    out: (text) => line.out(printable(text, kept)),
    tell: (text) => line.tell(printable(text)),
  };
}

/** The words of a verb, and those behind each `--and`. */
function readGroups(verb: Verb, rest: readonly string[]): WordGroup[] {
  const words: string[][] = [[]];
  for (const word of rest)
    if (word === '--and' && verb.takesSeveral === true) words.push([]);
    else words.at(-1)!.push(word);
  return words.map((group) => readArguments(verb, group));
}

/** What is said anywhere; the first one that says it counts. */
function valuesOf(groups: readonly WordGroup[]): OptionValues {
  return groups.reduceRight<OptionValues>((all, { values }) => ({ ...all, ...values }), {});
}

function readArguments(verb: Verb, rest: string[]): WordGroup {
  try {
    return parseArgs({
      args: verb.wordsOf?.(rest) ?? rest,
      options: { ...generalOptions, ...verb.options },
      allowPositionals: true,
      strict: true,
    });
  } catch (cause) {
    throw new SwitchbackError('usage', t('{0} See "switchback {1} --help".', errorText(cause), verb.name), {
      cause,
    });
  }
}

async function runVerb(
  line: CommandLine,
  verb: Verb,
  groups: WordGroup[],
  format: string,
): Promise<ExitCode> {
  const values = valuesOf(groups);
  const context = await createContext(line, values);
  let opened: Database | null = null;
  const others: Database[] = [];
  const databaseIfAny = async (): Promise<Database | null> => {
    opened ??= await connectTo(line, context, values);
    return opened;
  };
  const call: VerbCall = {
    context,
    positionals: groups[0]!.positionals,
    values,
    groups,
    format,
    terminal: lookOf(line),
    lintMemory: line.lintMemory,
    databaseIfAny,
    database: async () => (await databaseIfAny()) ?? noDatabase(),
    databaseAt: async (argument) => {
      const database = (await connectTo(line, context, { ...values, 'database-url': argument }))!;
      others.push(database);
      return database;
    },
    tell: (text) => line.tell(redact(text)),
  };
  try {
    const result = await verb.run(call);
    if (format === 'json') line.out(`${JSON.stringify(result.json, null, 2)}\n`);
    else if (result.text !== '') line.out(`${result.text.trimEnd()}\n`);
    return result.exitCode;
  } finally {
    for (const database of [opened as Database | null, ...others]) await database?.close();
  }
}

/** The database that the options name; null when they name none. */
async function connectTo(
  line: CommandLine,
  { files, workspace }: JourneyContext,
  values: OptionValues,
): Promise<Database | null> {
  const named = await readDatabaseOption(values, line.environment, files, workspace.root);
  if (!named) return null;
  if (named.warning) line.tell(named.warning);
  const { openDatabase } = await import('../journey/database');
  return openDatabase(named.connection, async () => named.password, line.signal);
}

async function createContext(line: CommandLine, values: OptionValues): Promise<JourneyContext> {
  const root = path.resolve(line.workingFolder, optionalText(values, 'workspace') ?? '.');
  const files = { ...nodeFiles({ blocking: true }), root };
  const quiet = values.quiet === true;
  return {
    workspace: {
      root,
      configuration: await readConfiguration(root, files, true),
      assets: line.assets,
      trusted: true,
    },
    files,
    clock: systemClock(),
    prompt: flagPrompt(values),
    programs: nodePrograms((text) => (quiet ? undefined : line.tell(redact(text.trimEnd())))),
    progress: { report: (update) => (quiet ? undefined : line.tell(redact(update.message))) },
    signal: line.signal,
    user: optionalText(values, 'user') ?? os.userInfo().username,
  };
}

function noDatabase(): never {
  throw new SwitchbackError(
    'usage',
    t('This needs a database. Give --database-url URL (or env:NAME), or set DATABASE_URL or PGHOST.'),
  );
}

function reportError(line: CommandLine, error: unknown, json: boolean): ExitCode {
  const known = isSwitchbackError(error)
    ? error
    : new SwitchbackError(
        'internal',
        t('Something unexpected went wrong: {0}. Please report it.', errorText(error)),
        { cause: error },
      );
  line.tell(redact(known.sentence));
  if (json)
    line.out(
      `${JSON.stringify({ error: { code: known.code, message: redact(known.sentence) } }, null, 2)}\n`,
    );
  return exitCodeOf(known.code);
}
