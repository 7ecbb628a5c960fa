import path from 'node:path';
import { chooseRules } from '../safety/rule-choice';
import { loadParser } from '../sql/parser';
import type { Database } from './database';
import { memoryKey, type LintMemory } from './lint-memory';
import type { LintRun } from './lint-script';
import { migrationFolders, type MigrationFolder } from './migrations';
import { plansFolder } from './plans-folder';
import { levelsOf } from './rule-levels';
import { readScriptPlans, type ScriptPlans } from './script-plans';
import type { JourneyContext } from './workspace';

export interface LintOptions {
  /** Deepens the forecasts of pending migrations with this database's catalog. */
  database?: Database | null;
  /** Target version where no database is given; the configured one unless said. */
  serverMajor?: number;
  /** What runs before left: only what changed since is judged again. */
  memory?: LintMemory;
}

/** Loads the parser, and gathers what is the same for every file of one run of lint. */
export async function startRun(
  context: JourneyContext,
  { memory, database, serverMajor }: LintOptions & { memory: LintMemory },
  kept: Pick<LintRun, 'isKept' | 'typed'>,
): Promise<LintRun> {
  const { configuration } = context.workspace;
  const major = database?.session.facts.major ?? serverMajor ?? configuration.serverMajor;
  return {
    context,
    parser: await loadParser(),
    memory,
    ...kept,
    parsed: new Map(),
    settings: memoryKey(
      String(major),
      JSON.stringify([configuration.rules, configuration.directories]),
      context.workspace.root,
    ),
    serverMajor: major,
    levelsOf: once(
      (file) => path.dirname(file),
      (file) => levelsOf(configuration, context.workspace.root, file),
    ),
    choiceOf: once(
      (levels) => levels,
      (levels) => chooseRules(levels, major),
    ),
    plans: await plansOf(context, memory),
  };
}

/** The same function, asked once for all arguments that share a key. */
function once<Argument, Result>(
  keyOf: (argument: Argument) => unknown,
  make: (argument: Argument) => Result,
): (argument: Argument) => Result {
  const known = new Map<unknown, Result>();
  return (argument) => {
    const key = keyOf(argument);
    const result = known.get(key) ?? make(argument);
    known.set(key, result);
    return result;
  };
}

/** What plans say of files; read once while the memory is watched and the folder is the same. */
async function plansOf(context: JourneyContext, memory: LintMemory): Promise<ScriptPlans> {
  if (!memory.watched) return readScriptPlans(context);
  const key = plansFolder(context);
  if (memory.plans?.folder !== key) memory.plans = await readScriptPlans(context);
  return memory.plans;
}

/** The workspace's migration folders; found once while the memory is watched and the settings are the same. */
export async function foldersOf(context: JourneyContext, memory: LintMemory): Promise<MigrationFolder[]> {
  if (!memory.watched) return migrationFolders(context);
  const { root, configuration } = context.workspace;
  const named = JSON.stringify(configuration.historyTables);
  const key = memoryKey(root, configuration.plansFolder, named, ...configuration.migrations);
  if (memory.folders?.key !== key) memory.folders = { key, found: await migrationFolders(context) };
  return memory.folders.found;
}
