import type { SingleChange } from '../assess/change';
import { changeOfStatement } from '../assess/change-of-statement';
import type { Forecast } from '../safety/forecast';
import { cloneKnownSchema, emptyKnownSchema, type KnownSchema } from '../safety/known-schema';
import { applyToKnownSchema } from '../safety/known-schema-fold';
import { formatQualifiedName, parseQualifiedName } from '../sql/identifier';
import { folderCatalog, looseCatalog, startCatalog } from './lint-catalog';
import { upScriptAt, type ScriptInPlace } from './lint-folder';
import { newLintMemory, rememberedFiles } from './lint-memory';
import { foldersOf, startRun, type LintOptions } from './start-lint';
import { parseOnce, readLooseFile, type LintRun } from './lint-script';
import { withText } from './with-text';
import type { JourneyContext } from './workspace';

/**
 * The change that a statement of an up script makes at once and a recipe could make in phases; null for others. The
 * statement is the one its forecast is of, in `file` as it stands in the editor, after all that runs before it.
 */
export async function plannableChange(
  context: JourneyContext,
  file: string,
  text: string,
  forecast: Forecast,
  options: LintOptions = {},
): Promise<SingleChange | null> {
  if (forecast.direction !== 'up') return null;
  const memory = options.memory ?? newLintMemory();
  const files = withText(rememberedFiles(context.files, memory), file, text);
  const kept = { isKept: options.memory !== undefined, typed: file };
  const run = await startRun({ ...context, files }, { ...options, memory }, kept);
  startCatalog(run, options.database ?? null);
  const inPlace = await scriptOf(run, file, forecast, options);
  return inPlace && changeAt(run, inPlace, forecast);
}

/** The script a forecast is of, with the schema it meets: a migration's, else the database's or what the forecast says. */
async function scriptOf(
  run: LintRun,
  file: string,
  forecast: Forecast,
  { database = null }: LintOptions,
): Promise<ScriptInPlace | null> {
  for (const folder of await foldersOf(run.context, run.memory)) {
    if (!folder.migrations.some(({ upPath }) => upPath === file)) continue;
    const catalog = database && (await folderCatalog(run, folder, database));
    return upScriptAt(run, folder, { file, offset: forecast.start.offset }, catalog);
  }
  const { script } = await readLooseFile(run, file);
  if (!script) return null;
  const there = await looseCatalog(run, database);
  return { script, schema: there?.schema ?? schemaOfForecast(forecast) };
}

/** Where nothing is known of the database, a table without a schema is where the forecast takes it to be. */
function schemaOfForecast({ locks: [lock] }: Forecast): KnownSchema {
  const empty = emptyKnownSchema();
  return lock ? { ...empty, searchPath: [parseQualifiedName(lock.relation).schema] } : empty;
}

/** The change of the statement that starts where the forecast's does; null for one of a table that nobody has to wait for. */
function changeAt(run: LintRun, { script, schema }: ScriptInPlace, forecast: Forecast): SingleChange | null {
  const { statements } = parseOnce(run, script, true);
  const at = statements.findIndex(({ start }) => start.offset + script.offset === forecast.start.offset);
  if (at < 0) return null;
  const known = cloneKnownSchema(schema);
  for (const before of statements.slice(0, at)) applyToKnownSchema(known, before);
  const change = changeOfStatement(statements[at]!, known);
  if (!change) return null;
  return forecast.locks.some(({ relation }) => relation === formatQualifiedName(change.table))
    ? change
    : null;
}
