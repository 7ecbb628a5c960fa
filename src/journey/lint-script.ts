import { layoutById } from '../layouts/layouts';
import type { Direction, Migration, MigrationScript } from '../layouts/layout';
import { isSwitchbackError } from '../messages/error';
import type { Finding } from '../safety/finding';
import type { FixTarget } from '../safety/fix-proposal';
import type { WorkRates } from '../safety/forecast/work-rates';
import type { KnownSchema } from '../safety/known-schema';
import { lintParsed, type FileProblem, type LintInput } from '../safety/lint';
import type { RuleChoice } from '../safety/rule-choice';
import type { SqlParser } from '../sql/parser';
import type { ParsedSql } from '../sql/statement';
import { isProgramFile } from '../layouts/migration-files';
import { migrationScript } from '../layouts/migration-script';
import { keep, keepTyped, memoryKey, recall, type LintMemory } from './lint-memory';
import type { LintedFile } from './outcomes';
import { planOfScript, type ScriptPlans } from './script-plans';
import type { JourneyContext } from './workspace';

/** What one run of lint works with. */
export interface LintRun {
  context: JourneyContext;
  parser: SqlParser;
  memory: LintMemory;
  /** Whether somebody will ask the memory again. */
  isKept: boolean;
  /** The file whose text is an editor's. */
  typed: string | null;
  /** Scripts of this run that were parsed elsewhere or a moment ago, by content. */
  parsed: Map<string, ParsedSql>;
  /** What is the same for all files, as a key; what is judged depends on it. */
  settings: string;
  serverMajor: number;
  /** Measured speed of the connected server. */
  rates?: WorkRates;
  /** Severity per rule for a file, by where it lies. */
  levelsOf(path: string): LintInput['levels'];
  /** The rules that these levels turn on. */
  choiceOf(levels: LintInput['levels']): RuleChoice;
  plans: ScriptPlans;
}

/** One direction of a migration as it is on disk or in an editor. */
export interface ReadScript {
  path: string;
  direction: Direction;
  script: MigrationScript | null;
  /** The whole file, where the script is only a part of it that does not begin with it. */
  fileText: string | null;
  /** Why it could not be read, as a sentence. */
  problem: string | null;
  /** Of the text, or of what it could not be read for; worked out when it is asked for. */
  readonly hash: string;
}

/** Reads one direction of a migration; a file that cannot be read has a `problem`. */
export async function readScript(
  context: JourneyContext,
  migration: Migration,
  direction: Direction,
): Promise<ReadScript> {
  const path = direction === 'up' ? migration.upPath : (migration.downPath ?? '');
  const nothing = { path, direction, script: null, fileText: null, problem: null, hash: '' };
  try {
    const script = await layoutById(migration.layout).script(migration, direction, context.files);
    if (!script) return nothing;
    const fileText = script.offset === 0 ? null : await context.files.read(script.path);
    return withHash({ path: script.path, direction, script, fileText, problem: null });
  } catch (error) {
    if (!isSwitchbackError(error, 'invalid-file')) throw error;
    return { ...nothing, problem: error.sentence, hash: memoryKey('unreadable', error.sentence) };
  }
}

function withHash(read: Omit<ReadScript, 'hash'> & { script: MigrationScript }): ReadScript {
  return {
    ...read,
    get hash() {
      return read.script.contentHash;
    },
  };
}

/** The statements of a script; those of earlier migrations are worth keeping. */
export function parseOnce(run: LintRun, script: MigrationScript, worthKeeping: boolean): ParsedSql {
  const key = parsedKey(run, script);
  const known = run.parsed.get(key) ?? recall(run.memory.parsed, key);
  const parsed = known ?? run.parser.parse(script.sql);
  if (worthKeeping && known === undefined) keep(run.memory.parsed, key, parsed, script.sql.length);
  return parsed;
}

/** What a parsed script is kept by: in a run that ends soon the text itself, which need not be hashed. */
export function parsedKey({ isKept }: LintRun, script: MigrationScript): string {
  return isKept ? script.contentHash : script.sql;
}

/** What a script's forecasts and findings depend on beside its own text. */
export interface ScriptSurroundings {
  /** What exists before it, made when it is needed. */
  schema: () => Promise<{ known: KnownSchema | null; ours: boolean }>;
  /** Stands for the schema and for all else its fixes are made of; null: the result is not kept. */
  key: string | null;
  target: FixTarget | undefined;
  /** What its folder says of the file as a whole. */
  ofFile: readonly FileProblem[];
}

/** Forecasts and findings of a migration's script, from memory where nothing changed. */
export async function lintScriptFile(
  run: LintRun,
  read: ReadScript,
  { schema, key, target, ofFile }: ScriptSurroundings,
): Promise<LintedFile> {
  if (read.problem !== null) return unreadableFile(read.path, read.problem);
  const { script } = read;
  if (!script) return emptyFile(read.path);
  const plan = planOfScript(run.plans, read.path);
  return remembered(
    run,
    key === null
      ? null
      : [
          key,
          script.transaction,
          read.fileText ?? '',
          read.path,
          read.direction,
          read.hash,
          JSON.stringify([plan, ofFile]),
        ],
    async () => {
      const { known, ours } = await schema();
      const levels = run.levelsOf(read.path);
      const linted = lintParsed(parseOnce(run, script, false), {
        path: read.path,
        sql: script.sql,
        offset: script.offset,
        fileText: read.fileText ?? undefined,
        direction: read.direction,
        transaction: script.transaction,
        schema: known,
        schemaIsOurs: ours,
        serverMajor: run.serverMajor,
        rates: run.rates,
        levels,
        choice: run.choiceOf(levels),
        plan,
        ofFile,
        target,
      });
      return isProgramFile(read.path) ? withoutFixes(linted) : linted;
    },
    read.path,
  );
}

/** An edit of SQL is not one of the string of a program that the SQL is in. */
function withoutFixes(linted: Omit<LintedFile, 'path'>): Omit<LintedFile, 'path'> {
  return { ...linted, findings: linted.findings.map((finding) => ({ ...finding, fix: null })) };
}

/** The same of a SQL file that is no migration. Throws `not-found`. */
export async function lintLooseFile(
  run: LintRun,
  path: string,
  there: { id: string; schema: KnownSchema } | null,
): Promise<LintedFile> {
  return lintScriptFile(run, await readLooseFile(run, path), {
    schema: () => Promise.resolve({ known: there?.schema ?? null, ours: false }),
    key: run.isKept ? memoryKey('loose', there?.id ?? '') : null,
    target: undefined,
    ofFile: [],
  });
}

/** A SQL file that is no migration, as one script. */
export async function readLooseFile({ context }: LintRun, path: string): Promise<ReadScript> {
  const direction = directionByName(path);
  try {
    const sql = await context.files.read(path);
    const script = migrationScript({ path, direction, sql, offset: 0, transaction: 'none' });
    return withHash({ path, direction, script, fileText: null, problem: null });
  } catch (error) {
    if (!isSwitchbackError(error, 'invalid-file')) throw error;
    return { path, direction, script: null, fileText: null, problem: error.sentence, hash: '' };
  }
}

/** Tools agree on how a way back is called, also those whose layout is not known. */
export function directionByName(file: string): Direction {
  const [name = '', folder = ''] = file.split(/[\\/]/).reverse();
  const isBack =
    /(?:^|[._-])(?:down|rollback|undo)\.sql$/i.test(name) || /^(?:rollback|down|revert)$/i.test(folder);
  return isBack || /^U[0-9][0-9._]*__/.test(name) ? 'down' : 'up';
}

async function remembered(
  { memory, settings, isKept, typed }: LintRun,
  key: readonly string[] | null,
  lint: () => Promise<Omit<LintedFile, 'path'>>,
  path: string,
): Promise<LintedFile> {
  const name = isKept && key ? memoryKey(settings, ...key) : null;
  const known = name === null ? undefined : recall(memory.results, name);
  if (known) return known;
  const linted = { path, ...(await lint()) };
  const weight = 1 + linted.statements.length + linted.findings.length;
  if (name !== null && path === typed) keepTyped(memory, path, name, linted, weight);
  else if (name !== null) keep(memory.results, name, linted, weight);
  return linted;
}

/** A file of which nothing is to be said. */
export function emptyFile(path: string): LintedFile {
  return { path, statements: [], findings: [], transactions: [], rows: {} };
}

/** A file that cannot be read has one finding at its start; the others are judged all the same. */
function unreadableFile(path: string, message: string): LintedFile {
  const start = { offset: 0, line: 1, column: 1 };
  const finding: Finding = {
    rule: 'not-analysed',
    severity: 'error',
    statement: null,
    start,
    end: start,
    message,
    fix: null,
  };
  return { ...emptyFile(path), findings: [finding] };
}
