import path from 'node:path';
import { layoutById } from '../layouts/layouts';
import { readHistory } from '../layouts/read-history';
import type { Direction, Migration, MigrationScript } from '../layouts/layout';
import type { Database } from './database';
import { isSwitchbackError, SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { Files } from '../ports/files';
import type { Finding } from '../safety/finding';
import type { FixTarget, OtherScript } from '../safety/fix-proposal';
import { applyToKnownSchema } from '../safety/known-schema-fold';
import { cloneKnownSchema, emptyKnownSchema, type KnownSchema } from '../safety/known-schema';
import { lintParsed } from '../safety/lint';
import { readKnownSchema } from '../safety/read-known-schema';
import { loadParser, type SqlParser } from '../sql/parser';
import type { ParsedSql } from '../sql/statement';
import { fixTarget, otherScript } from './fix-target';
import { historyOrProblem, migrationFolders, type MigrationFolder } from './migrations';
import type { LintedFile, LintResult } from './outcomes';
import type { JourneyContext } from './workspace';

export interface LintOptions {
  /** Deepens the forecasts of pending migrations with this database's catalog. */
  database?: Database | null;
  /** Target version where no database is given; the configured one unless said. */
  serverMajor?: number;
}

/**
 * Forecasts and findings of migration files and other SQL files. A folder stands for the SQL files below it.
 * Migrations are judged with those before them in their folder. Throws `not-found` for a path that is not there.
 */
export async function lintFiles(
  context: JourneyContext,
  paths: readonly string[],
  options: LintOptions = {},
): Promise<LintResult> {
  const parser = await loadParser();
  const wanted = new Set(await expandPaths(context, paths));
  const files: LintedFile[] = [];
  for (const folder of await migrationFolders(context)) {
    files.push(...(await lintFolder(context, parser, folder, wanted, options)));
  }
  const done = new Set(files.map((file) => file.path));
  for (const file of wanted) {
    if (!done.has(file)) files.push(await lintLooseFile(context, parser, file, options));
  }
  return { files: files.sort((a, b) => (a.path < b.path ? -1 : 1)) };
}

/** The same for one file as it stands in the editor. */
export async function lintText(
  context: JourneyContext,
  file: string,
  text: string,
  options: LintOptions = {},
): Promise<LintedFile> {
  const edited: JourneyContext = { ...context, files: withText(context.files, file, text) };
  const result = await lintFiles(edited, [file], options);
  return result.files.find((item) => item.path === file) ?? emptyFile(file);
}

async function expandPaths(context: JourneyContext, paths: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const item of paths) {
    if (item.endsWith('.sql') && (await context.files.exists(item))) {
      found.push(item);
      continue;
    }
    const below = await context.files.find(item, '**/*.sql', context.signal);
    if (below.length === 0 && !(await context.files.exists(item))) {
      throw new SwitchbackError('not-found', t('{0} does not exist. Name a SQL file or a folder.', item));
    }
    found.push(...below);
  }
  return found;
}

/** Walks a folder in its tool's order, keeping the schema that the migrations so far add up to. */
async function lintFolder(
  context: JourneyContext,
  parser: SqlParser,
  folder: MigrationFolder,
  wanted: ReadonlySet<string>,
  options: LintOptions,
): Promise<LintedFile[]> {
  const last = folder.migrations.findLastIndex(
    (item) => wanted.has(item.upPath) || wanted.has(item.downPath ?? ''),
  );
  const pending = await pendingVersions(context, folder, options.database ?? null);
  const linted: LintedFile[] = [];
  const ahead = await parseAhead(context, folder, last);
  let schema = emptyKnownSchema();
  for (const migration of folder.migrations.slice(0, last + 1)) {
    if (pending.has(migration.version) && options.database && schema.source === 'static') {
      schema = await readKnownSchema(options.database.session, parser, {
        relations: null,
        signal: context.signal,
      });
    }
    const isWanted = wanted.has(migration.upPath) || wanted.has(migration.downPath ?? '');
    const known = isWanted ? undefined : ahead.get(migration.upPath);
    const up = known ?? (await parseScript(context, parser, migration, 'up'));
    if (wanted.has(up.path)) {
      const target = fixTarget(
        folder,
        up.path,
        context.clock.now(),
        await otherOf(context, parser, migration),
      );
      linted.push(await lintRead(context, up, cloneKnownSchema(schema), options, target));
    }
    for (const statement of up.parsed?.statements ?? []) applyToKnownSchema(schema, statement);
    if (migration.downPath === null || !wanted.has(migration.downPath)) continue;
    const down = await parseScript(context, parser, migration, 'down');
    const target = fixTarget(folder, down.path, context.clock.now(), null);
    linted.push(await lintRead(context, down, cloneKnownSchema(schema), options, target));
  }
  return linted;
}

/** The down of a migration, for fixes that move a statement with what undoes it. */
async function otherOf(
  context: JourneyContext,
  parser: SqlParser,
  migration: Migration,
): Promise<OtherScript | null> {
  if (migration.downPath === null) return null;
  const { script, parsed } = await parseScript(context, parser, migration, 'down');
  if (!script || !parsed) return null;
  const text = script.offset === 0 ? script.sql : await context.files.read(script.path);
  return otherScript(script, parsed, text);
}

/** More migrations than this are parsed in a thread of their own: the editor's must not stand still. */
const mostParsedHere = 200;

/** The ups of a long history, parsed as they are on disk; none for a short one. */
async function parseAhead(
  context: JourneyContext,
  folder: MigrationFolder,
  count: number,
): Promise<Map<string, ReadScript>> {
  if (count <= mostParsedHere) return new Map();
  const parsed = await readHistory(
    { layout: folder.layout, folder: folder.folder },
    { workerFile: path.join(context.workspace.assets.dist, 'history-worker.js'), signal: context.signal },
  );
  return new Map(
    parsed.flatMap(({ migration, up }) =>
      up
        ? [
            [
              migration.upPath,
              {
                path: migration.upPath,
                direction: 'up',
                script: up.script,
                parsed: up.parsed,
                problem: null,
              },
            ],
          ]
        : [],
    ),
  );
}

async function pendingVersions(
  context: JourneyContext,
  folder: MigrationFolder,
  database: Database | null,
): Promise<Set<string>> {
  if (!database) return new Set();
  const problems: string[] = [];
  const history = await historyOrProblem(layoutById(folder.layout), folder, database.session, problems);
  for (const message of problems) context.progress.report({ message });
  if (history === null) return new Set();
  const latest = history.applied[0];
  const applied = new Set(history.applied.map((row) => row.version));
  const isPending = (migration: Migration): boolean =>
    history.cumulative
      ? !latest || BigInt(migration.version) > BigInt(latest.version)
      : !applied.has(migration.version);
  return new Set(folder.migrations.filter(isPending).map((migration) => migration.version));
}

interface ReadScript {
  path: string;
  direction: Direction;
  script: MigrationScript | null;
  parsed: ParsedSql | null;
  /** Why it could not be read, as a sentence. */
  problem: string | null;
}

async function parseScript(
  context: JourneyContext,
  parser: SqlParser,
  migration: Migration,
  direction: Direction,
): Promise<ReadScript> {
  const file = direction === 'up' ? migration.upPath : (migration.downPath ?? '');
  try {
    const script = await layoutById(migration.layout).script(migration, direction, context.files);
    return { path: file, direction, script, parsed: script ? parser.parse(script.sql) : null, problem: null };
  } catch (error) {
    if (!isSwitchbackError(error, 'invalid-file')) throw error;
    return { path: file, direction, script: null, parsed: null, problem: error.sentence };
  }
}

function emptyFile(file: string): LintedFile {
  return { path: file, statements: [], findings: [], transactions: [], rows: {} };
}

/** A file that cannot be read has one finding at its start; the others are judged all the same. */
function unreadable(file: string, message: string): LintedFile {
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
  return { ...emptyFile(file), findings: [finding] };
}

async function lintRead(
  context: JourneyContext,
  read: ReadScript,
  schema: KnownSchema,
  options: LintOptions,
  target: FixTarget,
): Promise<LintedFile> {
  if (read.problem !== null) return unreadable(read.path, read.problem);
  if (!read.script || !read.parsed) return emptyFile(read.path);
  const linted = lintParsed(read.parsed, {
    path: read.path,
    sql: read.script.sql,
    offset: read.script.offset,
    fileText: read.script.offset === 0 ? undefined : await context.files.read(read.path),
    direction: read.direction,
    transaction: read.script.transaction,
    schema,
    serverMajor: majorOf(context, options),
    levels: context.workspace.configuration.rules,
    target,
  });
  return { path: read.path, ...linted };
}

async function lintLooseFile(
  context: JourneyContext,
  parser: SqlParser,
  file: string,
  options: LintOptions,
): Promise<LintedFile> {
  const sql = await context.files.read(file);
  const linted = lintParsed(parser.parse(sql), {
    path: file,
    sql,
    offset: 0,
    direction: 'up',
    transaction: 'none',
    schema: null,
    serverMajor: majorOf(context, options),
    levels: context.workspace.configuration.rules,
  });
  return { path: file, ...linted };
}

function majorOf(context: JourneyContext, options: LintOptions): number {
  return (
    options.database?.session.facts.major ??
    options.serverMajor ??
    context.workspace.configuration.serverMajor
  );
}

/** The same files, with one of them as it stands in an editor. */
function withText(files: Files, file: string, text: string): Files {
  const same = (other: string): boolean => path.resolve(other) === path.resolve(file);
  return {
    ...files,
    read: (other) => (same(other) ? Promise.resolve(text) : files.read(other)),
    readIfExists: (other) => (same(other) ? Promise.resolve(text) : files.readIfExists(other)),
  };
}
