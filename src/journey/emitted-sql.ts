import type { Direction } from '../layouts/layout';
import { isSwitchbackError, SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { captureMigrations } from './capture-migrations';
import type { Database } from './database';
import { findMigration, type FoundMigration } from './find-migration';
import { commandFor, runTool } from './run-tool';
import type { JourneyContext } from './workspace';

/** The SQL that a migration in code sends, and who says so. */
export interface EmittedSql {
  sql: string;
  /**
   * `tool`: printed by the tool, all of it. `captured`: as the tool sent it to a shadow database. `text`: what can be
   * read in the program, without what builders make.
   */
  by: 'tool' | 'captured' | 'text';
  title: string;
  /** Why there is no more than the text, as a sentence. */
  because: string | null;
}

/** Whether the tool of a migration prints what it would send. */
export function isPrinted(context: JourneyContext, { layout, migration }: FoundMigration): boolean {
  const configured = context.workspace.configuration.toolCommands[layout.id]?.emit;
  return migration.isCode === true && (layout.tool?.emit !== undefined || configured !== undefined);
}

/** How the SQL of a migration can be had at best, and of which directions. */
export interface Emittable {
  by: EmittedSql['by'];
  title: string;
  directions: Direction[];
}

/** Looks at the file alone; nothing is run. Throws `not-found` for what is no migration. */
export async function emittableOf(context: JourneyContext, file: string): Promise<Emittable> {
  const found = await findMigration(context, file);
  const { layout, migration } = found;
  const down = await layout.script(migration, 'down', context.files);
  const isRun = migration.isCode === true && layout.tool?.run !== undefined;
  return {
    by: isPrinted(context, found) ? 'tool' : isRun ? 'captured' : 'text',
    title: layout.title,
    directions: down ? ['up', 'down'] : ['up'],
  };
}

/**
 * What a migration sends in one direction: printed by its tool where that can, else as the tool sends it to a shadow
 * database, else what can be read in the file, which is all that `readOnly` gives. Throws `not-found` where it has no such
 * direction, and as `runTool`.
 */
export async function emittedSql(
  context: JourneyContext,
  database: Database | null,
  file: string,
  direction: Direction,
  readOnly = false,
): Promise<EmittedSql> {
  const found = await findMigration(context, file);
  const { layout, migration, folder } = found;
  const { title } = layout;
  if (!readOnly && isPrinted(context, found))
    return { sql: await printedSql(context, database, found, direction), by: 'tool', title, because: null };
  const script = await layout.script(migration, direction, context.files);
  if (!script)
    throw new SwitchbackError(
      'not-found',
      t('Migration {0} has no {1} script.', migration.version, direction),
    );
  const text = { sql: script.sql.replace(/^[ \t]+/gm, ''), by: 'text' as const, title };
  if (readOnly || !migration.isCode || !layout.tool?.run) return { ...text, because: null };
  const request = { folder, wanted: [migration], directions: [direction], database };
  try {
    const sent = (await captureMigrations(context, request)).get(migration.version)?.[direction];
    if (sent?.sql != null) return { sql: sent.sql, by: 'captured', title, because: null };
    return { ...text, because: sent?.problem ?? null };
  } catch (error) {
    context.signal.throwIfAborted();
    if (!isSwitchbackError(error) || error.code === 'untrusted-workspace') throw error;
    return { ...text, because: error.sentence };
  }
}

/** What the tool prints for one direction. Throws as `runTool`. */
export async function printedSql(
  context: JourneyContext,
  database: Database | null,
  { layout, migration }: FoundMigration,
  direction: Direction,
): Promise<string> {
  const values = { name: migration.name, version: migration.version, file: migration.upPath };
  const command = await commandFor(context, layout, 'emit', values, () =>
    layout.tool!.emit!(migration, direction, context.files),
  );
  return (await runTool(context, database, layout, command)).output;
}
