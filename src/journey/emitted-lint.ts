import type { Direction, MigrationScript } from '../layouts/layout';
import { migrationScript } from '../layouts/migration-script';
import { fileRuleIds } from '../safety/file-rule-ids';
import type { Finding } from '../safety/finding';
import { t } from '../messages/translate';
import { oneForEachFile } from './both-directions';
import { captureMigrations, type CapturedMigration, type CapturedSql } from './capture-migrations';
import type { Database } from './database';
import { bookkeepingOf } from './history-rows';
import { ownStatements } from './own-statements';
import { loadParser } from '../sql/parser';
import { isPrinted, printedSql } from './emitted-sql';
import { inProgram, programPlaces } from './emitted-places';
import { lintScriptText } from './lint';
import { findMigrations, type FoundMigration } from './find-migration';
import type { LintedFile, LintResult } from './outcomes';
import { isSwitchbackError } from '../messages/error';
import { isProgramFile } from '../layouts/migration-files';
import type { JourneyContext } from './workspace';

export interface EmittedLintOptions {
  database?: Database | null;
  serverMajor?: number;
}

const directions: readonly Direction[] = ['up', 'down'];
const ofFile: ReadonlySet<string> = new Set(fileRuleIds);

/**
 * What was linted, with the migrations in code among it judged by what their tool sends instead of what can be read in
 * them. Runs the tools of the workspace: throws `untrusted-workspace`, and as `captureMigrations` and `runTool`.
 */
export async function withEmitted(
  context: JourneyContext,
  linted: LintResult,
  options: EmittedLintOptions = {},
): Promise<LintResult> {
  const { database = null } = options;
  const programs = await programsAmong(context, linted);
  const files = new Map(linted.files.map((file) => [file.path, file]));
  for (const found of byFolder(programs)) {
    const [printed, run] = [
      found.filter((one) => isPrinted(context, one)),
      found.filter((one) => !isPrinted(context, one)),
    ];
    const sent = new Map<FoundMigration, CapturedMigration>();
    for (const one of printed) sent.set(one, await printedBoth(context, database, one));
    if (run.length > 0) {
      const wanted = run.map(({ migration }) => migration);
      const request = { folder: run[0]!.folder, wanted, directions, database };
      const captured = await captureMigrations(context, request);
      for (const one of run) sent.set(one, captured.get(one.migration.version) ?? {});
    }
    for (const [one, parts] of sent) {
      const file = files.get(one.migration.upPath)!;
      files.set(file.path, await judged(context, one, parts, file, options));
    }
  }
  return { files: [...files.values()] };
}

async function programsAmong(context: JourneyContext, { files }: LintResult): Promise<FoundMigration[]> {
  const found: FoundMigration[] = [];
  for (const { path } of files) {
    if (isProgramFile(path))
      found.push(...(await findMigrations(context, path)).filter(({ migration }) => migration.isCode));
  }
  return found;
}

function byFolder(found: readonly FoundMigration[]): FoundMigration[][] {
  const groups = new Map<string, FoundMigration[]>();
  for (const one of found) {
    const { folder } = one.folder;
    groups.set(folder, [...(groups.get(folder) ?? []), one]);
  }
  return [...groups.values()];
}

async function printedBoth(
  context: JourneyContext,
  database: Database | null,
  found: FoundMigration,
): Promise<CapturedMigration> {
  const parts: CapturedMigration = {};
  for (const direction of directions) {
    if (!(await found.layout.script(found.migration, direction, context.files))) continue;
    parts[direction] = await printedSql(context, database, found, direction).then(
      async (sql): Promise<CapturedSql> => ({
        sql: await withoutBookkeeping(context, found, sql),
        problem: null,
      }),
      (error: unknown): CapturedSql => {
        if (!isSwitchbackError(error, 'step-failed')) throw error;
        return { sql: null, problem: error.sentence };
      },
    );
  }
  return parts;
}

/** What a tool prints has its own history in it. */
async function withoutBookkeeping(
  context: JourneyContext,
  { layout, migration }: FoundMigration,
  sql: string,
): Promise<string> {
  const program = await context.files.read(migration.upPath);
  const bookkeeping = await bookkeepingOf(context, layout, migration);
  const printed = { connection: 0, sql, parameters: [], failed: false };
  return ownStatements(await loadParser(), [printed], { bookkeeping, program });
}

/** What is said of the file as a whole stays, but for what the calls of a builder answer. */
async function judged(
  context: JourneyContext,
  { migration, layout }: FoundMigration,
  parts: CapturedMigration,
  { path, findings }: LintedFile,
  options: EmittedLintOptions,
): Promise<LintedFile> {
  const source = await context.files.read(path);
  const kept = findings.filter(
    ({ rule, statement }) => statement === null && ofFile.has(rule) && rule !== 'empty-down',
  );
  const files: LintedFile[] = [];
  for (const direction of directions) {
    const part = parts[direction];
    if (!part) continue;
    const readable = await layout.script(migration, direction, context.files);
    const places = programPlaces(source, direction, readable);
    if (part.sql === null) {
      kept.push(notSent(part.problem, places.first));
      continue;
    }
    const script: MigrationScript = migrationScript({
      ...{ path, direction, sql: part.sql, offset: 0 },
      // Where a tool opens a transaction, it says so in what it sends.
      transaction: 'none',
    });
    const linted = await lintScriptText(context, script, options);
    files.push(inProgram(linted, script.sql, places, layout.title));
  }
  const [file] = oneForEachFile(files);
  if (!file) return { path, statements: [], transactions: [], rows: {}, findings: kept };
  return { ...file, findings: [...kept, ...file.findings] };
}

function notSent(problem: string, { start, end }: Pick<Finding, 'start' | 'end'>): Finding {
  const message = t('What it sends is not known. {0}', problem);
  return { rule: 'not-analysed', severity: 'warning', statement: null, start, end, message, fix: null };
}
